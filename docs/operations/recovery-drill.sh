#!/bin/sh
# A recovery drill: three organisations, three nodes, two disks lost. Everything happens on this machine, in a new
# folder. Each organisation has a folder of its own, as it would have a machine of its own.
#
#   recovery-drill.sh FOLDER [PORT]
#
# COCO is the command to use (default: coco), HEAP the heap of a node in MiB. What it prints is in recovery.md.
set -eu

work=${1:?usage: recovery-drill.sh FOLDER [PORT]}
port=${2:-18545}
coco=${COCO:-coco}
heap=${HEAP:-384}
mkdir "$work"
cd "$work"
net=$PWD/network
trap '$coco down --dir "$net" >/dev/null 2>&1 || true' EXIT

step() { printf '\n== %s\n' "$*"; }
run() { printf '$ coco %s\n' "$*"; $coco "$@"; }
key() { echo "file:$1/$1.key"; }
last() { sed -n "s/.*\"id\" *: *\"\([0-9a-f]\{64\}\)\".*/\1/p" "$1" | head -1; }

step '1. Each organisation makes its keys; the recovery key is kept apart'
for who in acme beta gamma; do run member init $who --out $who; done

step '2. The network begins: two of three members recover it together'
set -- init --preset consortium --nodes 3 --port "$port" --dir "$net" --recovery-threshold 2
for who in acme beta gamma; do
  set -- "$@" --member $who=$who/$who.pem --recovery-key $who=$who/$who.recovery.pub --owner $who="$(key $who)"
done
run "$@"
run up --detach --heap "$heap" --dir "$net"
$coco gov propose open-service --json --dir "$net" --signer "$(key acme)" > proposal.open
for who in acme gamma; do
  $coco gov vote "$(last proposal.open)" --accept --dir "$net" --signer "$(key $who)" >/dev/null
done

step '3. Somebody signs in and writes something; each member keeps the newest head'
run access enrol --account 0 --dir "$net" --signer "$(key acme)"
run access login --account 0 --dir "$net" --token-file token
session="Authorization: Bearer $(cat token)"
https=$((port + 10))
curl -sS --fail -H "$session" --cacert "$net/service.pem" -X PUT -d 'not lost' "https://localhost:$((https + 1))/kv/drill" >/dev/null ||
  curl -sS --fail -H "$session" --cacert "$net/service.pem" -X PUT -d 'not lost' "https://localhost:$https/kv/drill" >/dev/null
for who in acme beta gamma; do
  run member head --dir "$net" --signer "$(key $who)" --out $who/head.json
done

step '4. The disaster: all nodes end, and the disks of two of them are gone'
run down --dir "$net"
rm -rf "$net/node-2" "$net/node-3"

step '5. The operator of what is left looks at every copy there is'
run recover survey "$net/node-1" --service-cert "$net/service.pem"

step '6. acme prepares a new node over that copy, and says what it proposes'
run recover propose --from "$net/node-1" --dir "$net" --service-cert "$net/service.pem" \
  --owner acme --signer "$(key acme)" --kept acme/head.json --out proposal.json

step '7. Members look for themselves, and vote. One ballot is not enough'
for who in acme beta; do
  run recover vote --journal "$net/node-4" --service-cert "$net/service.pem" --proposal proposal.json \
    --kept $who/head.json --signer "$(key $who)" --out $who/ballot
done
run recover finish --dir "$net" --service-cert "$net/service.pem" --ballot acme/ballot || echo "(exit code $?)"

step '8. Members give their shares, encrypted to that node. One member is not enough'
for who in acme beta; do
  run recover share --journal "$net/node-4" --service-cert "$net/service.pem" --proposal proposal.json \
    --member $who --recovery-key $who/$who.recovery.key --out $who/shares
done
run recover finish --dir "$net" --service-cert "$net/service.pem" \
  --ballot acme/ballot --ballot beta/ballot --share acme/shares || echo "(exit code $?)"

step '9. With both, the journal opens, a new generation begins, and the node serves'
run recover finish --dir "$net" --service-cert "$net/service.pem" --heap "$heap" \
  --ballot acme/ballot --ballot beta/ballot --share acme/shares --share beta/shares

step '10. Clients go on with the certificate that they have, and find what they had written'
fingerprint=$(openssl x509 -in "$net/service.pem" -noout -fingerprint -sha256 | sed 's/.*=//')
node4=https://localhost:$((https + 3))
run service identity "$node4" --expect "$fingerprint" > newest.pem
curl -sS --fail -H "$session" --cacert newest.pem "$node4/kv/drill"; echo

step '11. The journal holds together, across the recovery'
run down --dir "$net"
run journal verify "$net/node-4" --service-cert "$net/service.pem"
