// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IUniswapV2Factory} from "@uniswap/v2-core/contracts/interfaces/IUniswapV2Factory.sol";
import {IUniswapV2Pair} from "@uniswap/v2-core/contracts/interfaces/IUniswapV2Pair.sol";
import {IUniswapV2Router02} from "@uniswap/v2-periphery/contracts/interfaces/IUniswapV2Router02.sol";
import {FeeToken, Holder, PlainToken} from "contracts/Helpers.sol";
import {Base} from "./Base.sol";

interface IWeth9 {
    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
    function decimals() external view returns (uint8);
    function totalSupply() external view returns (uint256);
    function balanceOf(address owner) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    function deposit() external payable;
    function withdraw(uint256 amount) external;
    function approve(address spender, uint256 amount) external returns (bool);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// Calls every function of Uniswap V2's factory, pair and router and of WETH9, from their published bytecode.
contract Uniswap is Base {
    uint256 private constant NEVER = type(uint256).max;

    IWeth9 internal weth;
    IUniswapV2Factory internal factory;
    IUniswapV2Router02 internal router;
    IUniswapV2Pair internal pair;
    IUniswapV2Pair internal etherPair;
    IUniswapV2Pair internal feePair;
    IUniswapV2Pair internal single;
    PlainToken internal a;
    PlainToken internal b;
    FeeToken internal fee;
    Holder internal holder;

    function run() external returns (address weth9, address factory_, address pair_, address router02, address single_) {
        meet();
        _deploy();
        _weth();
        _factory();
        _pairBasics();
        _pairTrade();
        _pairToken();
        _routerReads();
        _routerSwaps();
        _routerRemoves();
        _routerRefuses();
        return (address(weth), address(factory), address(pair), address(router), address(single));
    }

    function _create(string memory artifact, bytes memory arguments) private returns (address made) {
        string memory json = cheats.readFile(string.concat("node_modules/@uniswap/", artifact));
        bytes memory published = cheats.parseBytes(string.concat("0x", cheats.parseJsonString(json, ".bytecode")));
        bytes memory code = abi.encodePacked(published, arguments);
        assembly {
            made := create(0, add(code, 32), mload(code))
        }
        require(made != address(0), "a contract was not made");
    }

    function _deploy() internal by(0) {
        weth = IWeth9(_create("v2-periphery/build/WETH9.json", ""));
        factory = IUniswapV2Factory(_create("v2-core/build/UniswapV2Factory.json", abi.encode(admin)));
        router = IUniswapV2Router02(_create("v2-periphery/build/UniswapV2Router02.json", abi.encode(address(factory), address(weth))));
        single = IUniswapV2Pair(_create("v2-core/build/UniswapV2Pair.json", ""));
        (a, b, fee, holder) = (new PlainToken("A"), new PlainToken("B"), new FeeToken(), new Holder());
        a.approve(address(router), NEVER);
        b.approve(address(router), NEVER);
        fee.approve(address(router), NEVER);
        a.transfer(address(holder), 10 ether);
        b.transfer(address(holder), 10 ether);
    }

    function _weth() internal {
        require(bytes(weth.name()).length > 0 && bytes(weth.symbol()).length == 4 && weth.decimals() == 18);
        _wethByAdmin();
        require(weth.allowance(admin, ann) == 5 && weth.balanceOf(admin) == 990 && weth.totalSupply() == 990);
        _wethByAnn();
        refuses(ann, address(weth), abi.encodeCall(weth.withdraw, (1)), "");
        refuses(ann, address(weth), abi.encodeCall(weth.transfer, (admin, 1)), "");
        refuses(ann, address(weth), abi.encodeCall(weth.transferFrom, (admin, ann, 2)), "");
    }

    function _wethByAdmin() internal by(0) {
        weth.deposit{value: 1000}();
        weth.withdraw(10);
        weth.approve(ann, 5);
    }

    function _wethByAnn() internal by(1) {
        weth.transferFrom(admin, ann, 4);
        weth.transfer(admin, 4);
    }

    function _factory() internal by(0) {
        require(factory.feeTo() == address(0) && factory.feeToSetter() == admin && factory.allPairsLength() == 0);
        pair = IUniswapV2Pair(factory.createPair(address(a), address(b)));
        require(factory.getPair(address(b), address(a)) == address(pair) && factory.allPairs(0) == address(pair));
        factory.setFeeTo(bob);
        factory.setFeeToSetter(ann);
        single.initialize(address(a), address(b));
    }

    function _pairBasics() internal {
        require(bytes(pair.name()).length > 0 && bytes(pair.symbol()).length > 0 && pair.decimals() == 18);
        require(pair.MINIMUM_LIQUIDITY() == 1000 && pair.factory() == address(factory) && pair.nonces(admin) == 0);
        require(pair.token0() < pair.token1() && single.token1() == address(b));
        bytes32 typed = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        require(pair.PERMIT_TYPEHASH() == typed);
        refuses(admin, address(factory), abi.encodeCall(factory.createPair, (address(b), address(a))), text("UniswapV2: PAIR_EXISTS"));
        refuses(admin, address(factory), abi.encodeCall(factory.setFeeTo, (ann)), text("UniswapV2: FORBIDDEN"));
        refuses(admin, address(factory), abi.encodeCall(factory.setFeeToSetter, (ann)), text("UniswapV2: FORBIDDEN"));
        refuses(admin, address(pair), abi.encodeCall(pair.initialize, (admin, ann)), text("UniswapV2: FORBIDDEN"));
        refuses(admin, address(pair), abi.encodeCall(pair.mint, (admin)), text("ds-math-sub-underflow"));
    }

    function _pairTrade() internal by(0) {
        a.transfer(address(pair), 10_000 ether);
        b.transfer(address(pair), 10_000 ether);
        require(pair.mint(admin) == 10_000 ether - 1000 && pair.kLast() > 0);
        a.transfer(address(pair), 2 ether);
        pair.swap(pair.token0() == address(a) ? 0 : 1 ether, pair.token0() == address(a) ? 1 ether : 0, ann, "");
        pair.swap(0, 2 ether, address(holder), hex"f1a5");
        (uint256 reserve0, uint256 reserve1,) = pair.getReserves();
        require(reserve0 > 9_998 ether && reserve1 > 9_998 ether);
        a.transfer(address(pair), 7);
        pair.skim(ann);
        a.transfer(address(pair), 9);
        pair.sync();
        pair.price0CumulativeLast();
        pair.price1CumulativeLast();
        pair.transfer(address(pair), 1 ether);
        pair.burn(ann);
        pair.transfer(ann, 100);
    }

    function _pairToken() internal {
        _pairByAnn();
        _pairByBob();
        require(pair.allowance(ann, bob) == 33 && pair.balanceOf(bob) >= 40 && pair.totalSupply() > 0);
        refuses(bob, address(pair), abi.encodeCall(pair.transferFrom, (ann, bob, 34)), text("ds-math-sub-underflow"));
        refuses(admin, address(pair), abi.encodeCall(pair.swap, (0, 0, ann, "")), text("UniswapV2: INSUFFICIENT_OUTPUT_AMOUNT"));
        refuses(admin, address(pair), abi.encodeCall(pair.swap, (0, 1, ann, "")), text("UniswapV2: INSUFFICIENT_INPUT_AMOUNT"));
        refuses(admin, address(pair), abi.encodeCall(pair.burn, (ann)), text("UniswapV2: INSUFFICIENT_LIQUIDITY_BURNED"));
        refuses(bob, address(pair), abi.encodeCall(pair.permit, (ann, bob, 33, 1, 27, 0, 0)), text("UniswapV2: EXPIRED"));
        refuses(bob, address(pair), abi.encodeCall(pair.permit, (ann, bob, 33, NEVER, 27, 0, 0)), text("UniswapV2: INVALID_SIGNATURE"));
    }

    function _pairByAnn() internal by(1) {
        pair.approve(bob, 50);
    }

    function _pairByBob() internal by(2) {
        pair.transferFrom(ann, bob, 40);
        (uint8 v, bytes32 r, bytes32 s) = _permit(pair, 1, bob, 33);
        pair.permit(ann, bob, 33, NEVER, v, r, s);
    }

    function _routerReads() internal {
        require(router.factory() == address(factory) && router.WETH() == address(weth));
        require(router.quote(10, 100, 300) == 30 && router.getAmountOut(100, 10_000, 10_000) == 98);
        require(router.getAmountIn(98, 10_000, 10_000) == 100);
        uint256 out = router.getAmountsOut(1 ether, _path(address(a), address(b)))[1];
        require(router.getAmountsIn(out, _path(address(a), address(b)))[0] <= 1 ether);
    }

    function _routerSwaps() internal by(0) {
        router.addLiquidity(address(a), address(b), 100 ether, 1000 ether, 0, 0, admin, NEVER);
        router.addLiquidityETH{value: 5 ether}(address(a), 1000 ether, 0, 0, admin, NEVER);
        router.addLiquidityETH{value: 5 ether}(address(fee), 1000 ether, 0, 0, admin, NEVER);
        etherPair = IUniswapV2Pair(factory.getPair(address(a), address(weth)));
        feePair = IUniswapV2Pair(factory.getPair(address(fee), address(weth)));
        router.swapExactTokensForTokens(1 ether, 0, _path(address(a), address(b)), ann, NEVER);
        router.swapTokensForExactTokens(1 ether, 100 ether, _path(address(a), address(b)), ann, NEVER);
        router.swapExactETHForTokens{value: 0.01 ether}(0, _path(address(weth), address(a)), ann, NEVER);
        router.swapETHForExactTokens{value: 0.01 ether}(1 ether, _path(address(weth), address(a)), ann, NEVER);
        router.swapExactTokensForETH(1 ether, 0, _path(address(a), address(weth)), ann, NEVER);
        router.swapTokensForExactETH(0.01 ether, 100 ether, _path(address(a), address(weth)), ann, NEVER);
        address[] memory path = _path(address(fee), address(weth));
        router.swapExactTokensForTokensSupportingFeeOnTransferTokens(1 ether, 0, path, ann, NEVER);
        router.swapExactTokensForETHSupportingFeeOnTransferTokens(1 ether, 0, path, ann, NEVER);
        path = _path(address(weth), address(fee));
        router.swapExactETHForTokensSupportingFeeOnTransferTokens{value: 0.01 ether}(0, path, ann, NEVER);
    }

    function _routerRemoves() internal by(0) {
        pair.approve(address(router), 1 ether);
        etherPair.approve(address(router), 1 ether);
        feePair.approve(address(router), 1 ether);
        router.removeLiquidity(address(a), address(b), 1 ether, 0, 0, ann, NEVER);
        router.removeLiquidityETH(address(a), 1 ether, 0, 0, ann, NEVER);
        router.removeLiquidityETHSupportingFeeOnTransferTokens(address(fee), 1 ether, 0, 0, ann, NEVER);
        (uint8 v, bytes32 r, bytes32 s) = _permit(pair, 0, address(router), NEVER);
        router.removeLiquidityWithPermit(address(a), address(b), 1 ether, 0, 0, ann, NEVER, true, v, r, s);
        (v, r, s) = _permit(etherPair, 0, address(router), NEVER);
        router.removeLiquidityETHWithPermit(address(a), 1 ether, 0, 0, ann, NEVER, true, v, r, s);
        (v, r, s) = _permit(feePair, 0, address(router), NEVER);
        router.removeLiquidityETHWithPermitSupportingFeeOnTransferTokens(address(fee), 1 ether, 0, 0, ann, NEVER, true, v, r, s);
    }

    function _routerRefuses() internal {
        address[] memory path = _path(address(a), address(b));
        bytes memory short = text("UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT");
        refuses(admin, address(router), abi.encodeCall(router.swapExactTokensForTokens, (1, 0, path, ann, 1)), text("UniswapV2Router: EXPIRED"));
        refuses(admin, address(router), abi.encodeCall(router.swapExactTokensForTokens, (1, 9, path, ann, NEVER)), short);
        refuses(stranger, address(router), abi.encodeCall(router.swapExactTokensForTokens, (1 ether, 0, path, ann, NEVER)), text("TransferHelper: TRANSFER_FROM_FAILED"));
        refuses(admin, address(router), abi.encodeCall(router.swapTokensForExactTokens, (1 ether, 1, path, ann, NEVER)), text("UniswapV2Router: EXCESSIVE_INPUT_AMOUNT"));
        refuses(admin, address(router), 1, abi.encodeCall(router.swapExactETHForTokens, (0, path, ann, NEVER)), text("UniswapV2Router: INVALID_PATH"));
        refuses(admin, address(router), 1, abi.encodeCall(router.swapETHForExactTokens, (1 ether, _path(address(weth), address(a)), ann, NEVER)), text("UniswapV2Router: EXCESSIVE_INPUT_AMOUNT"));
        refuses(admin, address(router), abi.encodeCall(router.removeLiquidity, (address(a), address(b), 1 ether, 0, 0, ann, 1)), text("UniswapV2Router: EXPIRED"));
        refuses(admin, address(router), abi.encodeCall(router.quote, (0, 1, 1)), text("UniswapV2Library: INSUFFICIENT_AMOUNT"));
        refuses(admin, address(router), abi.encodeCall(router.getAmountOut, (1, 0, 1)), text("UniswapV2Library: INSUFFICIENT_LIQUIDITY"));
        refuses(admin, address(router), abi.encodeCall(router.getAmountIn, (0, 1, 1)), text("UniswapV2Library: INSUFFICIENT_OUTPUT_AMOUNT"));
        refuses(admin, address(router), abi.encodeCall(router.getAmountsOut, (1, new address[](1))), text("UniswapV2Library: INVALID_PATH"));
        refuses(admin, address(router), abi.encodeCall(router.getAmountsIn, (1, new address[](1))), text("UniswapV2Library: INVALID_PATH"));
        refuses(admin, address(router), 1, "", "");
    }

    function _permit(IUniswapV2Pair of_, uint256 owner, address spender, uint256 value)
        private
        view
        returns (uint8, bytes32, bytes32)
    {
        address signer = cheats.addr(keys[owner]);
        bytes32 content = keccak256(abi.encode(of_.PERMIT_TYPEHASH(), signer, spender, value, of_.nonces(signer), NEVER));
        return cheats.sign(keys[owner], keccak256(abi.encodePacked(hex"1901", of_.DOMAIN_SEPARATOR(), content)));
    }

    function _path(address from, address to) private pure returns (address[] memory path) {
        path = new address[](2);
        (path[0], path[1]) = (from, to);
    }
}
