//! What the mall sells.

use haigou_contract::Amount;
use haigou_rules::{OrderLine, ProductKind};
use haigou_store::{Query, StoreError, params};

/// One piece of a product, as a line of an order; none if there is no such product.
///
/// # Errors
/// The database's.
pub fn product(query: &mut impl Query, name: &str) -> Result<Option<OrderLine>, StoreError> {
    query.query_one(
        "SELECT kind, price, hi_value, challenge FROM product WHERE name = $1",
        params![name],
        |row| {
            let kind = row.text(0)?;
            Ok(OrderLine {
                kind: kind_named(&kind).ok_or_else(|| StoreError::Bug(format!("a product is a {kind}")))?,
                price: Amount::from_units(row.int(1)?),
                quantity: 1,
                hi_value: Amount::from_units(row.int(2)?),
                challenge: Amount::from_units(row.int(3)?),
            })
        },
    )
}

fn kind_named(name: &str) -> Option<ProductKind> {
    match name {
        "goods" => Some(ProductKind::Goods),
        "service_card" => Some(ProductKind::ServiceCard),
        "starter_pack" => Some(ProductKind::StarterPack),
        "centre_pack" => Some(ProductKind::CentrePack),
        _ => None,
    }
}
