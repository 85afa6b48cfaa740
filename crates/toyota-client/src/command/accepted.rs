//! A command that the gateway will pass on.

use jiff::Timestamp;
use tokio::time::Instant;

use super::{ConfirmOptions, Confirmation, Expectation, There};
use crate::model::Acknowledgement;
use crate::routes::{Family, Feature};
use crate::{Error, HttpService, ToyotaClient, Vin};

/// A command that the gateway has accepted: it will be passed on to the car, and nothing more is known
/// of it.
#[derive(Clone, Debug)]
pub struct Accepted {
    pub(crate) vin: Vin,
    pub(crate) feature: Feature,
    pub(crate) family: Family,
    pub(crate) acknowledgement: Acknowledgement,
    pub(crate) expectation: Expectation,
    pub(crate) given: Timestamp,
    pub(crate) there: There,
    pub(crate) since: Instant,
}

impl Accepted {
    /// Returns the car.
    #[must_use]
    pub fn vin(&self) -> &Vin {
        &self.vin
    }

    /// Returns which feature the command is one of.
    #[must_use]
    pub fn feature(&self) -> Feature {
        self.feature
    }

    /// Returns which generation of routes took it: the older one takes less.
    #[must_use]
    pub fn family(&self) -> Family {
        self.family
    }

    /// Returns what the gateway said.
    #[must_use]
    pub fn acknowledgement(&self) -> &Acknowledgement {
        &self.acknowledgement
    }

    /// Returns what will show that it was carried out.
    #[must_use]
    pub fn expectation(&self) -> &Expectation {
        &self.expectation
    }

    /// Returns when it was given, by the client's clock.
    #[must_use]
    pub fn given(&self) -> Timestamp {
        self.given
    }

    /// Waits until the car is seen to have carried it out, or a notification says why it has not.
    ///
    /// Only reads are sent, and, to a car that says nothing by itself, one request to report. It takes
    /// a few seconds longer than the options say if the last answer does. Nothing happens if it is not
    /// waited for any more.
    ///
    /// # Errors
    ///
    /// [`Error`] when the account cannot sign in any more, or nothing could be read at all. Of other
    /// failures to read, which are many while a car wakes up, none matters.
    pub async fn confirm<S: HttpService>(
        &self,
        client: &ToyotaClient<S>,
        options: &ConfirmOptions,
    ) -> Result<Confirmation, Error> {
        // Boxed: it is long, and nobody waits for it on a hot path.
        Box::pin(client.confirm(self, options)).await
    }
}
