// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title A call for bids, as it stands on any Ethereum network
/// @notice It knows nothing of who may see it. Deployed through `CocoReaders` only its buyer and the bidders whom the buyer
/// names find it; deployed in the usual way everybody in the network does.
contract Tender {
    event Bid(address indexed bidder, uint256 price);
    event Awarded(address indexed bidder);

    error NotTheBuyer();
    error Over();

    address public immutable buyer;
    string public subject;
    address public winner;
    mapping(address bidder => uint256 price) public bids;

    /// @param buyer_ not taken from `msg.sender`, which is `CocoReaders` for who deploys through it
    constructor(address buyer_, string memory subject_) {
        buyer = buyer_;
        subject = subject_;
    }

    function bid(uint256 price) external {
        if (winner != address(0)) revert Over();
        bids[msg.sender] = price;
        emit Bid(msg.sender, price);
    }

    function award(address bidder) external {
        if (msg.sender != buyer) revert NotTheBuyer();
        winner = bidder;
        emit Awarded(bidder);
    }
}
