//! Packs as the way in.

use super::regulation::PYRAMID_ENTRY_FEE;
use super::{Look, Severity};
use crate::rulebook::JoinsBy;
use crate::said::Said;

pub(super) fn look(look: &mut Look<'_>) {
    if look.rules.centre.joins_by.contains(&JoinsBy::Pack) {
        look.find(
            ("pack_entry_fee", Severity::High),
            &[PYRAMID_ENTRY_FEE],
            &["centre.joins_by", "centre.pack_hi_value"],
            Said::new(
                "购买礼包即可成为运营中心；礼包价格由商品决定，超过 5,000 元即为变相入门费。",
                "An operation centre is joined by buying a pack. Its price is the product's; above 5,000 CNY it is a disguised entry fee.",
            ),
            Said::new(
                "从 centre.joins_by 去掉 pack，改为免费申请并审核。",
                "Take pack out of centre.joins_by: a free application with a review.",
            ),
        );
    }
}
