//! What a drive took, in the units that are asked for, no finer than people count it.

use toyota_client::model::Distance;

use super::Show;

impl Show {
    /// A distance, to a tenth.
    pub(super) fn length(self, distance: Distance) -> String {
        let value = self.units().distance(distance).value;
        format!("{value:.1} {}", self.length_name())
    }

    /// A speed in km/h.
    pub(super) fn speed(self, speed: f64) -> String {
        let units = self.units();
        format!("{:.0} {}", units.speed(speed), units.speed_name())
    }

    /// So many litres.
    pub(super) fn fuel(self, litres: f64) -> String {
        let units = self.units();
        format!("{:.2} {}", units.volume(litres), units.volume_name())
    }

    /// A consumption in l/100 km.
    pub(super) fn consumption(self, average: f64) -> String {
        let units = self.units();
        let value = units.consumption(average);
        format!("{value:.1} {}", units.consumption_name())
    }
}
