//! The calls of one command: each with a sign of life, and told of where that is asked for.

use std::time::Duration;

use toyota_client::Error;
use toyota_client::call::CallRecord;

use crate::args::Reading;
use crate::failure::Failure;
use crate::spinner::Spinner;
use crate::story;
use crate::target::{Client, Target};

/// Makes the calls of one command.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) client: Client,
    pub(crate) target: Target,
    pub(crate) verbose: bool,
}

impl Caller {
    /// Makes the same call as often as is asked for, and returns the last answer.
    pub(crate) async fn read<T>(
        &self,
        reading: &Reading,
        what: &'static str,
        call: impl AsyncFn(Client) -> Result<T, Error>,
    ) -> Result<T, Failure> {
        for _ in 1..reading.repeat {
            self.ask(what, &call).await?;
        }
        self.ask(what, &call).await
    }

    /// Makes one call, with a sign of life.
    pub(crate) async fn ask<T>(
        &self,
        what: &'static str,
        call: impl AsyncFnOnce(Client) -> Result<T, Error>,
    ) -> Result<T, Failure> {
        let _spinner = Spinner::start(what);
        self.follow(what, call).await
    }

    /// Makes calls that give their own signs of life.
    pub(crate) async fn follow<T>(
        &self,
        what: &'static str,
        call: impl AsyncFnOnce(Client) -> Result<T, Error>,
    ) -> Result<T, Failure> {
        let record = if self.verbose {
            CallRecord::telling()
        } else {
            CallRecord::new()
        };
        let client = self.client.clone().recording(record.clone());
        let answer = call(client).await;
        if self.verbose {
            story::tell(what, &record);
        }
        answer.map_err(|error| self.target.failed(&error))
    }

    /// Waits for what goes on in the background: a token that is being renewed, and answers that are
    /// being written. What a store takes longer for is not worth waiting for.
    pub(crate) async fn settle(&self) {
        const LONGEST_WRITE: Duration = Duration::from_secs(1);
        let provider = self.client.provider();
        provider.settle(&provider.default_principal()).await;
        let written = tokio::time::timeout(LONGEST_WRITE, self.client.cache().flush()).await;
        if written.is_err() {
            tracing::debug!("the store takes too long to write what was answered");
        }
    }
}
