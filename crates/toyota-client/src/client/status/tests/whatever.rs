//! Whatever happens: a car is woken within its quota, and nobody waits for ever.

use std::future::Future;

use proptest::prelude::*;

use super::mock::refusal;
use super::*;

/// One call, and what the car and the service are like by then.
#[derive(Clone, Debug)]
struct Step {
    minutes_later: u64,
    freshness: Freshness,
    leaves_after: Option<u64>,
    answers_after: Option<u64>,
    drives: bool,
    wake: u8,
    faults: Vec<Fault>,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_car_is_woken_within_its_quota_and_nobody_waits_for_ever(
        steps in prop::collection::vec(step(), 1..60),
        cold in any::<bool>(),
    ) {
        let (sent, longest) = paused(async {
            let mock = if cold { Mock::cold() } else { Mock::reported(90) };
            let (client, mut longest) = (mock.client(), Duration::ZERO);
            let mut known = None;
            for step in steps {
                sleep(Duration::from_secs(step.minutes_later * 60)).await;
                mock.prepare(&step);
                let start = Instant::now();
                let vin = vin();
                let call = client.status(&vin, step.freshness);
                let leaves = Duration::from_secs(step.leaves_after.unwrap_or(100_000));
                let reading = timeout(leaves, call).await;
                longest = longest.max(start.elapsed());
                if let Ok(Ok(reading)) = reading {
                    check(&reading, known);
                    known = known.max(reading.reported);
                }
            }
            (mock.wakes_at(), longest)
        });

        // The first look and the wake have a minute each, as configured, and the last look its time.
        prop_assert!(longest <= Duration::from_secs(60 + 60 + 60 + 5), "{longest:?}");
        for (window, most) in [(60 * 60, 4), (24 * 60 * 60, 24)] {
            for start in &sent {
                let within = sent.iter().filter(|it| (*start..*start + window).contains(*it));
                prop_assert!(within.count() <= most, "{sent:?}");
            }
        }
    }
}

/// What a reading has to be after one that was dated so.
fn check(reading: &StatusReading, known: Option<Timestamp>) {
    match &reading.how {
        How::Woken { after } => {
            assert!(reading.reported > known, "{reading:?}");
            assert!(*after <= Duration::from_secs(65), "{reading:?}");
        }
        How::Cold => assert!(reading.value.value.is_none(), "{reading:?}"),
        How::Cached | How::WakeFailed(_) => assert!(reading.reported.is_some(), "{reading:?}"),
        How::NotYet | How::Undated { .. } | How::QuotaSpent { .. } | How::WakeRefused(_) => {}
    }
}

impl Mock {
    fn prepare(&self, step: &Step) {
        let now = self.now();
        let mut state = self.state();
        state.answers_after = step.answers_after.map(Duration::from_secs);
        state.faults = step.faults.clone().into();
        state.wake_hangs = step.wake == 0;
        state.wake_reply = match step.wake {
            1 => (200, json!({"payload": {"returnCode": "010001"}})),
            2 => (500, refusal("ONE-GLOBAL-RS-40000", "")),
            3 => (429, json!("slow down")),
            _ => (200, json!({"payload": {"returnCode": "000000"}})),
        };
        if step.drives {
            state.reported = Some(now);
        }
    }

    /// In which seconds wakes were sent.
    fn wakes_at(&self) -> Vec<u64> {
        let asked = self.asked().into_iter();
        let wakes = asked.filter(|(_, what)| what.starts_with("POST"));
        wakes.map(|(second, _)| second).collect()
    }
}

fn step() -> impl Strategy<Value = Step> {
    let freshness = prop_oneof![
        Just(Freshness::Cached),
        (0_u64..60)
            .prop_map(|minutes| Freshness::WakeIfOlderThan(Duration::from_secs(minutes * 60))),
        Just(Freshness::Wake),
    ];
    let fault = prop_oneof![
        4 => Just(Fault::No),
        2 => Just(Fault::Status(429)),
        1 => Just(Fault::Status(503)),
        1 => Just(Fault::Hangs),
    ];
    (
        0_u64..40,
        freshness,
        prop::option::weighted(0.2, 0_u64..70),
        prop::option::weighted(0.7, 0_u64..70),
        any::<bool>(),
        0_u8..12,
        prop::collection::vec(fault, 0..6),
    )
        .prop_map(|step| Step {
            minutes_later: step.0,
            freshness: step.1,
            leaves_after: step.2,
            answers_after: step.3,
            drives: step.4,
            wake: step.5,
            faults: step.6,
        })
}

/// Runs something on a clock that goes on when there is nothing to do.
fn paused<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(work)
}
