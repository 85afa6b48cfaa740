//! The facts of a request, kept without a map where there are only those that are known here.

use std::any::Any;

use http::Extensions;

use crate::{Attempt, CallRecord, Deadline, Idempotency, Operation, Principal};

/// The facts of a request.
#[derive(Clone)]
pub(super) enum Facts {
    Known(Known),
    /// There are others among them.
    Any(Extensions),
}

/// What layers and typed clients put on a request: a copy of these allocates nothing, and one of the
/// map they come in a box for each, and two for itself.
#[derive(Clone, Default)]
pub(super) struct Known {
    operation: Option<Operation>,
    idempotency: Option<Idempotency>,
    deadline: Option<Deadline>,
    principal: Option<Principal>,
    attempt: Option<Attempt>,
    record: Option<CallRecord>,
}

impl Facts {
    pub(super) fn of(extensions: &Extensions) -> Self {
        if extensions.is_empty() {
            return Self::Known(Known::default());
        }
        let known = Known {
            operation: extensions.get().copied(),
            idempotency: extensions.get().copied(),
            deadline: extensions.get().copied(),
            principal: extensions.get().cloned(),
            attempt: extensions.get().copied(),
            record: extensions.get().cloned(),
        };
        if known.len() == extensions.len() {
            Self::Known(known)
        } else {
            Self::Any(extensions.clone())
        }
    }

    pub(super) fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        match self {
            Self::Known(known) => known.get(),
            Self::Any(extensions) => extensions.get(),
        }
    }

    pub(super) fn to_extensions(&self) -> Extensions {
        match self {
            Self::Known(known) => known.to_extensions(),
            Self::Any(extensions) => extensions.clone(),
        }
    }
}

impl Known {
    fn len(&self) -> usize {
        let there = [
            self.operation.is_some(),
            self.idempotency.is_some(),
            self.deadline.is_some(),
            self.principal.is_some(),
            self.attempt.is_some(),
            self.record.is_some(),
        ];
        there.into_iter().map(usize::from).sum()
    }

    /// Which one is known when this is compiled.
    fn get<T: 'static>(&self) -> Option<&T> {
        fn same<A: 'static, T: 'static>(fact: &Option<A>) -> Option<&T> {
            (fact as &dyn Any).downcast_ref::<Option<T>>()?.as_ref()
        }
        same(&self.operation)
            .or_else(|| same(&self.idempotency))
            .or_else(|| same(&self.deadline))
            .or_else(|| same(&self.principal))
            .or_else(|| same(&self.attempt))
            .or_else(|| same(&self.record))
    }

    fn to_extensions(&self) -> Extensions {
        fn add<T: Clone + Send + Sync + 'static>(extensions: &mut Extensions, fact: &Option<T>) {
            if let Some(fact) = fact {
                extensions.insert(fact.clone());
            }
        }
        let mut extensions = Extensions::new();
        add(&mut extensions, &self.operation);
        add(&mut extensions, &self.idempotency);
        add(&mut extensions, &self.deadline);
        add(&mut extensions, &self.principal);
        add(&mut extensions, &self.attempt);
        add(&mut extensions, &self.record);
        extensions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Add = fn(&mut Extensions, &CallRecord);

    #[derive(Clone, Debug, PartialEq)]
    struct Own(u32);

    /// Each fact by itself, all together, and with one that nobody here knows.
    #[test]
    fn what_was_there_is_there_again_and_nothing_else() {
        let record = CallRecord::new();
        let facts: [Add; 7] = [
            |all, _| add(all, Operation::new("trip", "/trips/{id}")),
            |all, _| add(all, Idempotency::Keyed),
            |all, _| add(all, Deadline::within(std::time::Duration::from_secs(1))),
            |all, _| add(all, Principal::new("anna").at_epoch(3)),
            |all, _| add(all, Attempt::FIRST.next()),
            |all, record| add(all, record.clone()),
            |all, _| add(all, Own(7)),
        ];
        for chosen in 0..1_u32 << facts.len() {
            let mut extensions = Extensions::new();
            for (index, fact) in facts.iter().enumerate() {
                if chosen & (1 << index) != 0 {
                    fact(&mut extensions, &record);
                }
            }

            let kept = Facts::of(&extensions);
            let again = kept.to_extensions();

            assert_eq!(again.len(), extensions.len(), "{chosen:b}");
            assert_eq!(
                matches!(kept, Facts::Any(_)),
                chosen & 64 != 0,
                "{chosen:b}"
            );
            assert_same::<Operation>(&extensions, &kept, &again);
            assert_same::<Idempotency>(&extensions, &kept, &again);
            assert_same::<Deadline>(&extensions, &kept, &again);
            assert_same::<Principal>(&extensions, &kept, &again);
            assert_same::<Attempt>(&extensions, &kept, &again);
            assert_same::<Own>(&extensions, &kept, &again);
            let found = [kept.get::<CallRecord>(), again.get()];
            assert!(found.iter().all(|it| it.is_some() == (chosen & 32 != 0)));
        }
        let mut extensions = Extensions::new();
        extensions.insert(record.clone());
        let again = Facts::of(&extensions).to_extensions();
        again.get::<CallRecord>().unwrap().count_replay();
        assert_eq!(record.snapshot().replays, 1, "it is the same record");
    }

    fn add<T: Clone + Send + Sync + 'static>(extensions: &mut Extensions, fact: T) {
        extensions.insert(fact);
    }

    fn assert_same<T: PartialEq + std::fmt::Debug + Send + Sync + 'static>(
        was: &Extensions,
        kept: &Facts,
        again: &Extensions,
    ) {
        assert_eq!(was.get::<T>(), kept.get::<T>());
        assert_eq!(was.get::<T>(), again.get::<T>());
    }
}
