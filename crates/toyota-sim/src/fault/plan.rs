//! Which fault the next request on a route meets.

use std::collections::{HashMap, VecDeque};

use super::Fault;
use crate::{error::InvalidProbability, random::Random, route::Route};

#[derive(Clone, Debug)]
pub(crate) struct FaultPlan {
    scripted: HashMap<Route, VecDeque<Fault>>,
    random: Vec<RandomFault>,
    seed: u64,
    /// Each route has its own, so that what comes on another changes nothing.
    dice: HashMap<Route, Random>,
}

#[derive(Clone, Debug)]
struct RandomFault {
    route: Route,
    probability: f64,
    fault: Fault,
}

impl FaultPlan {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            scripted: HashMap::new(),
            random: Vec::new(),
            seed,
            dice: HashMap::new(),
        }
    }

    pub(crate) fn script(&mut self, route: Route, faults: impl IntoIterator<Item = Fault>) {
        self.scripted.entry(route).or_default().extend(faults);
    }

    pub(crate) fn fail_randomly(
        &mut self,
        route: Route,
        probability: f64,
        fault: Fault,
    ) -> Result<(), InvalidProbability> {
        self.random.push(RandomFault {
            route,
            probability: valid(probability)?,
            fault,
        });
        Ok(())
    }

    /// Adds faults of which requests meet one with this probability, each as often as the others.
    pub(crate) fn fail_with_one_of(
        &mut self,
        route: Route,
        probability: f64,
        faults: &[Fault],
    ) -> Result<(), InvalidProbability> {
        let share = valid(probability)? / faults.iter().map(|_| 1.0).sum::<f64>();
        let mut left = 1.0;
        for fault in faults {
            // Of what met none before; rounding must not make it more than all.
            let of_the_rest = f64::min(share / left, 1.0);
            self.fail_randomly(route, of_the_rest, fault.clone())?;
            left -= share;
        }
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.scripted.clear();
        self.random.clear();
    }

    /// Takes the next scripted fault, or rolls the dice for each random one until one hits.
    pub(crate) fn next(&mut self, route: Route) -> Fault {
        let Self {
            scripted,
            random,
            seed,
            dice,
        } = self;
        let of_route = seed.wrapping_add(route as u64);
        let dice = dice.entry(route).or_insert_with(|| Random::new(of_route));
        scripted
            .get_mut(&route)
            .and_then(VecDeque::pop_front)
            .or_else(|| {
                random
                    .iter()
                    .filter(|candidate| candidate.route == route)
                    .find(|candidate| dice.unit() < candidate.probability)
                    .map(|hit| hit.fault.clone())
            })
            .unwrap_or_else(Fault::pass)
            .settled(dice)
    }
}

fn valid(probability: f64) -> Result<f64, InvalidProbability> {
    if (0.0..=1.0).contains(&probability) {
        Ok(probability)
    } else {
        Err(InvalidProbability(probability))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;

    use super::*;
    use crate::fault::Kind;

    #[test]
    fn scripted_faults_come_in_order_and_then_no_more() {
        let mut plan = FaultPlan::new(1);
        plan.script(Route::Token, [Fault::pass(), Fault::truncated()]);
        plan.script(Route::Token, [Fault::garbage_body()]);

        let met: Vec<Kind> = (0..4).map(|_| plan.next(Route::Token).kind()).collect();

        assert_eq!(
            met,
            [Kind::Pass, Kind::Truncated, Kind::GarbageBody, Kind::Pass]
        );
    }

    #[test]
    fn one_route_s_script_leaves_the_others_alone() {
        let mut plan = FaultPlan::new(1);
        plan.script(Route::Token, [Fault::truncated()]);

        assert_eq!(plan.next(Route::Vehicles).kind(), Kind::Pass);
    }

    #[test]
    fn random_faults_come_about_as_often_as_asked() {
        let mut plan = FaultPlan::new(1);
        plan.fail_randomly(Route::Vehicles, 0.25, unavailable())
            .unwrap();

        assert!((200..300).contains(&failures(&mut plan)));
    }

    #[test]
    fn the_same_seed_fails_the_same_requests() {
        let plan = || {
            let mut plan = FaultPlan::new(9);
            plan.fail_randomly(Route::Vehicles, 0.5, unavailable())
                .unwrap();
            (0..64)
                .map(|_| plan.next(Route::Vehicles).kind())
                .collect::<Vec<_>>()
        };

        assert_eq!(plan(), plan());
    }

    #[test]
    fn what_comes_on_another_route_changes_nothing() {
        let plan = |between: usize| {
            let mut plan = FaultPlan::new(9);
            for route in [Route::Vehicles, Route::Token] {
                plan.fail_randomly(route, 0.5, unavailable()).unwrap();
            }
            (0..64)
                .map(|_| {
                    for _ in 0..between {
                        plan.next(Route::Token);
                    }
                    plan.next(Route::Vehicles).kind()
                })
                .collect::<Vec<_>>()
        };

        assert_eq!(plan(0), plan(3));
    }

    #[test]
    fn several_random_faults_share_a_route() {
        let mut plan = FaultPlan::new(1);
        for (probability, fault) in [
            (0.1, unavailable()),
            (0.1, Fault::truncated()),
            (0.5, Fault::pass().after(Duration::from_millis(1))),
        ] {
            plan.fail_randomly(Route::Vehicles, probability, fault)
                .unwrap();
        }

        let met: Vec<Fault> = (0..1000).map(|_| plan.next(Route::Vehicles)).collect();

        let count = |holds: fn(&Fault) -> bool| met.iter().filter(|fault| holds(fault)).count();
        assert!((60..140).contains(&count(|fault| fault.kind() == unavailable().kind())));
        assert!((60..140).contains(&count(|fault| fault.kind() == Kind::Truncated)));
        // Of the four fifths that met none of the others.
        assert!((340..460).contains(&count(|fault| !fault.latency().is_zero())));
    }

    #[test]
    fn a_latency_is_drawn_for_each_request() {
        let [shortest, longest] = [5, 50].map(Duration::from_millis);
        let plan = || {
            let mut plan = FaultPlan::new(3);
            let slow = Fault::pass().after_between(shortest..=longest);
            plan.fail_randomly(Route::Vehicles, 1.0, slow).unwrap();
            (0..1000)
                .map(|_| plan.next(Route::Vehicles).latency())
                .collect::<Vec<_>>()
        };

        let drawn = plan();

        assert!(drawn.iter().all(|it| (shortest..=longest).contains(it)));
        assert!(drawn.iter().any(|it| *it < Duration::from_millis(7)));
        assert!(drawn.iter().any(|it| *it > Duration::from_millis(48)));
        assert_eq!(drawn, plan());
    }

    #[test]
    fn a_range_without_an_inside_is_its_beginning() {
        let [less, more] = [5, 50].map(Duration::from_millis);
        for (range, latency) in [(more..=less, more), (more..=more, more)] {
            let mut plan = FaultPlan::new(3);
            plan.script(Route::Vehicles, [Fault::pass().after_between(range)]);

            assert_eq!(plan.next(Route::Vehicles).latency(), latency);
        }
    }

    #[test]
    fn certain_and_impossible_are_probabilities() {
        let mut never = FaultPlan::new(1);
        never
            .fail_randomly(Route::Vehicles, 0.0, unavailable())
            .unwrap();
        let mut always = FaultPlan::new(1);
        always
            .fail_randomly(Route::Vehicles, 1.0, unavailable())
            .unwrap();

        assert_eq!(failures(&mut never), 0);
        assert_eq!(failures(&mut always), 1000);
    }

    #[test]
    fn what_is_no_probability_is_refused() {
        let mut plan = FaultPlan::new(1);

        for invalid in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert!(
                plan.fail_randomly(Route::Vehicles, invalid, Fault::pass())
                    .is_err()
            );
        }
    }

    fn unavailable() -> Fault {
        Fault::status(StatusCode::SERVICE_UNAVAILABLE)
    }

    fn failures(plan: &mut FaultPlan) -> usize {
        (0..1000)
            .filter(|_| plan.next(Route::Vehicles).kind() != Kind::Pass)
            .count()
    }
}
