//! What a program that runs by itself does about a car's status.

use super::ToyotaClient;
use crate::wake::{
    Action, Attended, Decision, Inputs, Seen, Standing, StatusReading, WakeOptions, decide,
};
use crate::{Error, HttpService, Vin};

impl<S: HttpService> ToyotaClient<S> {
    /// Does in one cycle what is to be done about a car's doors, windows and lights: wakes it if that is
    /// worth it, reads what is old, or nothing. For programs that run by themselves, every six minutes or
    /// so, after the other data were read.
    ///
    /// What is to be done is decided by [`decide`], from what was `seen` in this cycle and what the
    /// client's [`Memory`](crate::Memory) has of earlier ones. With `asked` the car is woken, as a person
    /// wants it to be, and is waited for longer.
    ///
    /// # Errors
    ///
    /// [`Error`] when the status could not be read. What was decided is remembered nevertheless.
    pub async fn attend(
        &self,
        vin: &Vin,
        seen: Seen,
        asked: bool,
        options: &WakeOptions,
    ) -> Result<Attended, Error> {
        let (decision, standing) = self.decided(vin, seen, asked, options).await;
        let reading = self.carried_out(vin, decision.action, asked).await?;
        Ok(Attended {
            decision,
            standing,
            reading,
        })
    }

    /// Decides what is to be done, and remembers that.
    pub(crate) async fn decided(
        &self,
        vin: &Vin,
        seen: Seen,
        asked: bool,
        options: &WakeOptions,
    ) -> (Decision, Standing) {
        let (id, now, options) = (self.id(vin), self.clock.now(), *options);
        let inputs = Inputs { now, asked, seen };
        let next = move |it: &mut crate::memory::Remembered| {
            let state = it.wakes(&id).state;
            let (decision, next) = decide(&inputs, &state, &options);
            // Of a car that stands nothing is new, and nothing is written.
            if next != state {
                *it.wake_state(&id, now) = next;
            }
            (decision, next.standing(&options, now))
        };
        self.memory.update(next).await
    }

    /// Does what was decided, and returns what was read if anything was.
    pub(crate) async fn carried_out(
        &self,
        vin: &Vin,
        action: Action,
        asked: bool,
    ) -> Result<Option<StatusReading>, Error> {
        Ok(match action {
            Action::WakeThenRead => Some(self.woken(vin, asked).await?),
            Action::ReadOnly => Some(self.unwoken(vin, true).await?),
            Action::ServeCache | Action::Disabled => None,
        })
    }

    async fn woken(&self, vin: &Vin, asked: bool) -> Result<StatusReading, Error> {
        let patience = if asked {
            self.wakes.patience_asked
        } else {
            self.wakes.patience
        };
        let before = self.read_if_any(vin, true).await?;
        self.wake_and_wait(vin, before, patience).await
    }
}
