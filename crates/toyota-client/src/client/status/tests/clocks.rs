//! Cars whose clocks are ahead, and a client's that was.

use super::mock::refusal;
use super::*;
use crate::{Clock, HttpService, ToyotaClient};

const HALF_AN_HOUR: Freshness = Freshness::WakeIfOlderThan(Duration::from_secs(30 * 60));
const YEAR: i64 = 365 * 24 * 60;

#[tokio::test(start_paused = true)]
async fn a_report_from_the_future_is_no_news() {
    let mock = Mock::reported(-YEAR);

    let reading = mock.client().status(&vin(), HALF_AN_HOUR).await.unwrap();

    assert!(matches!(reading.how, How::Woken { .. }), "{reading:?}");
    assert_eq!(mock.wakes_sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_report_that_stays_in_the_future_is_no_answer() {
    let mock = Mock::reported(-YEAR);
    mock.state().answers_after = None;

    let reading = mock.client().status(&vin(), Freshness::Wake).await.unwrap();

    assert!(matches!(reading.how, How::NotYet), "{reading:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wake_from_the_future_is_waited_for_once() {
    let mock = Mock::reported(90);
    mock.state().answers_after = None;
    ahead(&mock).status(&vin(), Freshness::Wake).await.unwrap();
    assert_eq!(mock.wakes_sent(), 1);

    for wakes in [0, 1] {
        mock.client().status(&vin(), HALF_AN_HOUR).await.unwrap();

        assert_eq!(mock.wakes_sent(), wakes);
    }
}

#[tokio::test(start_paused = true)]
async fn refusals_from_the_future_end_a_week_after_they_were_found() {
    let mock = Mock::reported(90);
    mock.state().wake_reply = (500, refusal("ONE-GLOBAL-RS-40000", ""));
    for _ in 0..2 {
        ahead(&mock).status(&vin(), Freshness::Wake).await.unwrap();
    }
    assert_eq!(mock.wakes_sent(), 2);

    for (days, wakes) in [(6, 0), (2, 1)] {
        let reading = mock.client().status(&vin(), HALF_AN_HOUR).await.unwrap();
        assert!(matches!(reading.how, How::WakeRefused(_)), "{reading:?}");
        sleep(days * 24 * 60 * MINUTE).await;

        mock.client().status(&vin(), HALF_AN_HOUR).await.unwrap();

        assert_eq!(mock.wakes_sent(), wakes, "{days}");
    }
}

/// A client whose clock is a year ahead.
fn ahead(mock: &Mock) -> ToyotaClient<impl HttpService> {
    let real = mock.clone();
    let year = jiff::SignedDuration::from_mins(YEAR);
    let clock = Clock::from_fn(move || real.now() + year);
    mock.client().by_clock(clock)
}
