//! The demo account's cars, and the ways in which the service tells of them.

use toyota_client::Vin;
use toyota_sim::Families;

/// A car without a plug.
pub const PETROL: &str = "SB1Z93BE10E000101";
/// A plug-in hybrid, which has everything.
pub const PLUG_IN: &str = "JTMZ63FV50D000202";
/// A car without a tank.
pub const ELECTRIC: &str = "JTHZ4AHB700000303";

/// The service as it is while its routes move, after that, and before.
pub const FAMILIES: [Families; 3] = [Families::Both, Families::NewOnly, Families::OldOnly];

/// Returns a car's VIN as the client takes it.
#[must_use]
pub fn vin(vin: &str) -> Vin {
    Vin::new(vin).expect("seventeen letters")
}
