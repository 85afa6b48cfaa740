//! Processes that are killed (SIGKILL) at any point, and those that come after them.

use std::time::Duration;

use fastrand::Rng;
use tests::child::Child;
use tests::{simulator, soon};
use tokio::task::yield_now;
use tokio::time::Instant;
use toyota_client::LoginErrorKind;
use toyota_sim::{Counters, Route, Simulator};

use crate::child::{self, CALL, OK, login_error};
use crate::kept::Kept;

const RUNS: usize = 200;
/// How long a child lives on at most after the request that it is killed by: about as long as it
/// takes to save a credential.
const GRACE: Duration = Duration::from_millis(4);

#[tokio::test]
async fn a_killed_process_leaves_a_whole_file_or_none_and_the_next_one_goes_on() {
    let sim = simulator().await;
    sim.edit_account(|account| account.cars_mut().clear());
    let kept = Kept::new(&sim);
    let mut random = Rng::with_seed(0x000d_1ed9);
    let mut all = Vec::new();

    for run in 0..RUNS {
        if run % 10 == 0 {
            kept.clear();
        }
        let left = Left::by_a_killed_child(&sim, &kept, &mut random).await;
        if run % 4 == 0 {
            left.goes_on_without_password(&sim, &kept).await;
        } else {
            left.goes_on(&sim, &kept).await;
        }
        all.push(left);
    }

    let count = |left| all.iter().filter(|it| **it == left).count();
    let counts = [Left::Nothing, Left::Good, Left::Used].map(count);
    println!("left behind: nothing, good tokens, used ones: {counts:?}");
    // Each was met, and the rest is how fast the disk is.
    let [nothing, good, used] = counts;
    assert!(nothing > 0 && used > 0 && good > RUNS / 4, "{counts:?}");
}

/// What a killed process has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// No file: it was not signed in yet.
    Nothing,
    /// Tokens that are good.
    Good,
    /// A refresh token that was used: the next one came, or was on its way, and was not saved yet.
    Used,
}

impl Left {
    /// Kills a child somewhere in a call, and says what it has left.
    async fn by_a_killed_child(sim: &Simulator, kept: &Kept, random: &mut Rng) -> Self {
        let mut child = child::start(sim, kept.dir());
        if random.bool() && kept.refresh_token().await.is_some() {
            sim.expire_access_tokens();
            assert_eq!(child.does(CALL).await, OK);
        }
        let before = kept.refresh_token().await;
        sim.expire_access_tokens();
        let counted = sim.counters();
        kill_in_a_call(child, sim, before.is_some(), random).await;

        let counters = sim.counters();
        let issued = counters.tokens_issued - counted.tokens_issued;
        let after = kept.refresh_token().await;
        let left = match (after == before, &after) {
            (true, None) => Self::Nothing,
            (true, Some(_)) if issued == 1 => Self::Used,
            (true, Some(_)) => Self::Good,
            (false, _) => {
                assert_eq!((after.is_some(), issued), (true, 1));
                Self::Good
            }
        };
        let asked = counters.requests(Route::Vehicles) - counted.requests(Route::Vehicles);
        if asked > u64::from(before.is_some()) {
            assert_eq!(
                left,
                Self::Good,
                "the new token was saved before it was used"
            );
        }
        left
    }

    /// The next process calls: by the tokens if they are good, and by the password only if not.
    async fn goes_on(self, sim: &Simulator, kept: &Kept) {
        sim.expire_access_tokens();
        let (before, left) = (sim.counters(), kept.refresh_token().await);

        let answer = only_call(child::start(sim, kept.dir())).await;

        let (after, kept) = (sim.counters(), kept.refresh_token().await);
        assert_eq!(answer, OK, "{self:?}");
        assert!(kept.is_some() && kept != left, "the next one was saved");
        let passwords = u64::from(self != Self::Good);
        assert_eq!(after.password_posts - before.password_posts, passwords);
        let refreshes = u64::from(self == Self::Good);
        assert_eq!(after.refreshes - before.refreshes, refreshes);
    }

    /// The next process has no password: it says why it cannot go on, if it cannot, and leaves
    /// all as it is for one that has.
    async fn goes_on_without_password(self, sim: &Simulator, kept: &Kept) {
        sim.expire_access_tokens();
        let before = sim.counters();

        let answer = only_call(child::start_without_password(sim, kept.dir())).await;

        let expected = match self {
            Self::Nothing => login_error(LoginErrorKind::NoPassword),
            Self::Good => OK.to_owned(),
            Self::Used => login_error(LoginErrorKind::InvalidGrant),
        };
        assert_eq!(answer, expected);
        let reuses = sim.counters().refresh_reuses_detected - before.refresh_reuses_detected;
        assert_eq!(reuses, u64::from(self == Self::Used));
        self.goes_on(sim, kept).await;
    }
}

/// Kills a child when some of a call's requests have come, and a little later.
async fn kill_in_a_call(mut child: Child, sim: &Simulator, signed_in: bool, random: &mut Rng) {
    // To go on takes a refusal and tokens; to sign in four posts, a code and tokens.
    let requests = if signed_in { 3 } else { 7 };
    let last = sim.counters().requests_total() + random.u64(0..=requests);
    child.ask(CALL).await;
    until(sim, |counters| counters.requests_total() >= last).await;
    live_on(GRACE.mul_f64(random.f64())).await;
    child.kill().await;
    // What it has sent may still be read and carried out.
    until(sim, |counters| counters.connections_open == 0).await;
}

async fn only_call(mut child: Child) -> String {
    let answer = child.does(CALL).await;
    child.end().await;
    answer
}

async fn until(sim: &Simulator, holds: impl Fn(&Counters) -> bool) {
    soon(async {
        while !holds(&sim.counters()) {
            yield_now().await;
        }
    })
    .await;
}

/// Lets child and simulator run for so long, which tokio's timer is too coarse for.
async fn live_on(time: Duration) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        yield_now().await;
    }
}
