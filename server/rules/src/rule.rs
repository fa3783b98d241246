//! The ids of the rules, as they stand in journals for ever.

use haigou_ledger::Rule;

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal;)+) => {
        $($(#[doc = $doc])+ pub const $name: Rule = Rule::new($id);)+

        /// All rules of this crate.
        pub const ALL: &[Rule] = &[$($name),+];
    };
}

rules! {
    /// The event itself, which a journal begins with.
    EVENT = "event";
    /// A new member's grants.
    REGISTER_MEMBER = "register.member";
    /// A direct sponsor's grants for a registration.
    REGISTER_DIRECT = "register.direct";
    /// What a registration unfreezes for the direct sponsor.
    REGISTER_UNFREEZE = "register.unfreeze";
    /// A mall order is paid.
    MALL_PAYMENT = "mall.payment";
    /// What a product grants to its buyer.
    MALL_PRODUCT = "mall.product";
    /// The buyer's sponsor, of a mall order.
    MALL_DIRECT = "mall.direct";
    /// The sponsor's sponsor, of a mall order.
    MALL_INDIRECT = "mall.indirect";
    /// A partner up the buyer's line, of a mall order.
    MALL_PARTNER = "mall.partner";
    /// An order can't be refunded any more.
    MALL_CLOSED = "mall.closed";
    /// Hi-Shell that the buyer deducts from a bill.
    BILL_DEDUCT = "bill.deduct";
    /// Hi-Shell that the merchant burns for a bill.
    BILL_BURN = "bill.burn";
    /// What the merchant owes in cash instead.
    BILL_OWED = "bill.owed";
    /// The buyer, of a bill.
    BILL_MEMBER = "bill.member";
    /// The merchant, of a bill.
    BILL_MERCHANT = "bill.merchant";
    /// The buyer's sponsor, of a bill.
    BILL_DIRECT = "bill.direct";
    /// The sponsor's sponsor, of a bill that is rewarded as a mall order.
    BILL_INDIRECT = "bill.indirect";
    /// The merchant's sponsor, of a bill.
    BILL_MERCHANT_DIRECT = "bill.merchant_direct";
    /// A partner up the buyer's line, of a bill.
    BILL_PARTNER = "bill.partner";
    /// A partner up the merchant's line, of a bill.
    BILL_MERCHANT_PARTNER = "bill.merchant_partner";
    /// The merchant's operation centre.
    BILL_CENTRE = "bill.centre";
    /// The parent of the merchant's operation centre.
    BILL_PARENT_CENTRE = "bill.parent_centre";
    /// What was paid in shopping credit and Hi-Shell goes back.
    REFUND_MONEY = "refund.money";
    /// What an operation centre's pack grants to the owner.
    CENTRE_PACK = "centre.pack";
    /// What a merchant's approval unfreezes for the owner's sponsor.
    MERCHANT_APPROVED = "merchant.approved";
    /// A rung of the step ladder.
    STEPS_LADDER = "steps.ladder";
    /// A walk task.
    STEPS_WALK = "steps.walk";
    /// A run task.
    STEPS_RUN = "steps.run";
    /// Challenge becomes shopping credit.
    CONVERT = "convert";
    /// Hi-Shell goes to another member.
    TRANSFER = "market.transfer";
    /// Hi-Shell is sold to the platform.
    SALE = "market.sale";
    /// Hi-Shell is listed.
    LISTING = "market.listing";
    /// A listing is taken from.
    TRADE = "market.trade";
    /// What is left of a listing is taken back.
    UNLISTING = "market.unlisting";
    /// Cash goes into the floor fund.
    FUNDING = "platform.funding";
    /// Hi-Shell goes from the platform's holding into the reward pool.
    REFILL = "platform.refill";
    /// An opening balance.
    OPENING = "opening";
}
