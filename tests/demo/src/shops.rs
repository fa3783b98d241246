//! What people buy, pay and pass on in the week: the same commands that the API and `haigou replay` run.

use haigou_ledger::MemberNo;
use haigou_rules::JoinsBy;
use haigou_server::Running;
use haigou_server::centres::ApplyForCentre;
use haigou_server::mall::{PlaceOrder, Refund, product};
use haigou_server::market::TransferShells;
use haigou_server::stores::{ApplyForMerchant, PayBill};
use haigou_server::wallet::Convert;
use haigou_server::web::Refusal;
use haigou_store::Command;

use crate::Failed;

/// Where Hai's noodles are: Dongguan.
const REGION: u32 = 441_900;

/// Does what somebody does on the evening of a day, counted from 0. People are numbered as they stand in the line.
pub(crate) async fn evening(day: usize, server: &Running) -> Result<(), Failed> {
    let [an, bo, chen, di, _en, _fang, _gao, hai] = people()?;
    match day {
        // Hai's noodles give a tenth of each bill away. An, who brought them all, runs the operation centre there.
        0 => {
            done(
                server,
                ApplyForMerchant {
                    name: "noodles".to_owned(),
                    owner: hai,
                    region: REGION,
                    rebate: "0.10".to_owned(),
                    approve: true,
                },
            )
            .await?;
            done(
                server,
                ApplyForCentre {
                    name: "dongguan".to_owned(),
                    owner: an,
                    region: REGION,
                    parent: None,
                    by: JoinsBy::Application,
                    approve: true,
                },
            )
            .await
        }
        1 => bill(server, bo, "128.00").await,
        2 => buy(server, chen, "shoes-300", "shoes").await,
        // One shoe of two had a fault.
        3 => {
            done(
                server,
                Refund {
                    order: "shoes".to_owned(),
                    amount: Some("100.00".to_owned()),
                },
            )
            .await
        }
        4 => {
            buy(server, di, "card-199", "card").await?;
            bill(server, chen, "66.00").await
        }
        5 => {
            let amount = "0.10".to_owned();
            done(server, Convert { member: an, amount }).await?;
            let amount = "5".to_owned();
            done(
                server,
                TransferShells {
                    from: bo,
                    to: an,
                    amount,
                },
            )
            .await
        }
        _ => Ok(()),
    }
}

/// A member pays a bill at Hai's noodles.
async fn bill(server: &Running, buyer: MemberNo, amount: &str) -> Result<(), Failed> {
    done(
        server,
        PayBill {
            buyer,
            merchant: "noodles".to_owned(),
            amount: amount.to_owned(),
            order: None,
            hi_shell: None,
        },
    )
    .await
}

/// A member orders one piece of a product, pays from outside and receives it.
async fn buy(server: &Running, buyer: MemberNo, piece: &str, order: &str) -> Result<(), Failed> {
    let piece = piece.to_owned();
    let found = server.store.read(move |reader| product(reader, &piece)).await?;
    let line = found.ok_or("the mall doesn't have that")?;
    done(
        server,
        PlaceOrder {
            order: Some(order.to_owned()),
            buyer,
            lines: vec![line],
            shopping: None,
            hi_shell: None,
            receive: true,
        },
    )
    .await
}

async fn done<C: Command<Refusal = Refusal>>(server: &Running, command: C) -> Result<(), Failed> {
    match server.desk.submit(command).await {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{}: {error:?}", C::NAME).into()),
    }
}

/// Everybody, in the order of the line.
fn people() -> Result<[MemberNo; 8], Failed> {
    let numbers = (1..=8).filter_map(MemberNo::new).collect::<Vec<_>>();
    numbers
        .try_into()
        .map_err(|_| "there are no eight numbers".into())
}
