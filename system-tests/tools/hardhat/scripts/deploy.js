// npx hardhat run scripts/deploy.js --network coco
const { ethers, network } = require("hardhat");

async function main() {
  const [deployer] = await ethers.getSigners();
  const shares = await ethers.deployContract("Shares");
  await shares.waitForDeployment();
  const factory = await ethers.getContractFactory("Vault", { libraries: { Shares: await shares.getAddress() } });
  const vault = await factory.deploy(0n, { value: ethers.parseEther("1") });
  await vault.waitForDeployment();
  await (await vault.deposit({ value: 1n })).wait();
  console.log(JSON.stringify({ network: network.name, deployer: deployer.address, vault: await vault.getAddress() }));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
