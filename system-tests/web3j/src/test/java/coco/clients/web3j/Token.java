package coco.clients.web3j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.web3j.abi.EventEncoder;
import org.web3j.abi.EventValues;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.TypeReference;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Event;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.RemoteCall;
import org.web3j.protocol.core.RemoteFunctionCall;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.tx.Contract;
import org.web3j.tx.TransactionManager;
import org.web3j.tx.gas.ContractGasProvider;

/** The token of {@code coco bench}, wrapped as web3j's generator wraps contracts. */
public final class Token extends Contract {
    static final Event TRANSFER = new Event(
            "Transfer",
            List.of(
                    new TypeReference<Address>(true) {},
                    new TypeReference<Address>(true) {},
                    new TypeReference<Uint256>() {}));

    static final String TRANSFER_TOPIC = EventEncoder.encode(TRANSFER);

    /** Found by web3j's deployment, by reflection. */
    Token(String address, Web3j web3j, TransactionManager manager, ContractGasProvider gas) {
        super(code(), address, web3j, manager, gas);
    }

    static RemoteCall<Token> deploy(Web3j web3j, TransactionManager manager, ContractGasProvider gas) {
        return deployRemoteCall(Token.class, web3j, manager, gas, code(), "");
    }

    RemoteFunctionCall<BigInteger> balanceOf(String account) {
        Function function =
                new Function("balanceOf", List.of(new Address(account)), List.of(new TypeReference<Uint256>() {}));
        return executeRemoteCallSingleValueReturn(function, BigInteger.class);
    }

    RemoteFunctionCall<TransactionReceipt> transfer(String to, BigInteger value) {
        return executeRemoteCallTransaction(transferFunction(to, value));
    }

    /** Gives the account a balance out of nothing. */
    RemoteFunctionCall<TransactionReceipt> fill(byte[] account, BigInteger value) {
        return executeRemoteCallTransaction(
                new Function("fill", List.of(new DynamicBytes(account), new Uint256(value)), List.of()));
    }

    static String encodedTransfer(String to, BigInteger value) {
        return FunctionEncoder.encode(transferFunction(to, value));
    }

    static EventValues parsed(Log log) {
        return staticExtractEventParameters(TRANSFER, log);
    }

    private static Function transferFunction(String to, BigInteger value) {
        return new Function("transfer", List.of(new Address(to), new Uint256(value)), List.of());
    }

    private static String code() {
        Path hex = Path.of(System.getProperty("coco.root"), "cli/src/main/resources/coco/cli/bench/BenchToken.hex");
        try {
            return Files.readString(hex).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
