//! Which fault the next request on a route meets.

use std::collections::{HashMap, VecDeque};

use super::Fault;
use crate::{error::InvalidProbability, random::Random, route::Route};

#[derive(Clone, Debug)]
pub(crate) struct FaultPlan {
    scripted: HashMap<Route, VecDeque<Fault>>,
    random: Vec<RandomFault>,
    dice: Random,
}

#[derive(Clone, Debug)]
struct RandomFault {
    route: Route,
    probability: f64,
    fault: Fault,
}

impl FaultPlan {
    pub(crate) fn new(dice: Random) -> Self {
        Self {
            scripted: HashMap::new(),
            random: Vec::new(),
            dice,
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
        if !(0.0..=1.0).contains(&probability) {
            return Err(InvalidProbability(probability));
        }
        self.random.push(RandomFault {
            route,
            probability,
            fault,
        });
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.scripted.clear();
        self.random.clear();
    }

    /// Takes the next scripted fault, or rolls the dice for each random one.
    pub(crate) fn next(&mut self, route: Route) -> Fault {
        self.next_scripted(route)
            .or_else(|| self.next_random(route))
            .unwrap_or_else(Fault::pass)
    }

    fn next_scripted(&mut self, route: Route) -> Option<Fault> {
        self.scripted.get_mut(&route)?.pop_front()
    }

    fn next_random(&mut self, route: Route) -> Option<Fault> {
        let Self { random, dice, .. } = self;
        random
            .iter()
            .filter(|candidate| candidate.route == route)
            .find(|candidate| dice.unit() < candidate.probability)
            .map(|hit| hit.fault.clone())
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;
    use crate::fault::Kind;

    #[test]
    fn scripted_faults_come_in_order_and_then_no_more() {
        let mut plan = FaultPlan::new(Random::new(1));
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
        let mut plan = FaultPlan::new(Random::new(1));
        plan.script(Route::Token, [Fault::truncated()]);

        assert_eq!(plan.next(Route::Vehicles).kind(), Kind::Pass);
    }

    #[test]
    fn random_faults_come_about_as_often_as_asked() {
        let mut plan = FaultPlan::new(Random::new(1));
        plan.fail_randomly(Route::Vehicles, 0.25, unavailable())
            .unwrap();

        assert!((200..300).contains(&failures(&mut plan)));
    }

    #[test]
    fn the_same_seed_fails_the_same_requests() {
        let plan = || {
            let mut plan = FaultPlan::new(Random::new(9));
            plan.fail_randomly(Route::Vehicles, 0.5, unavailable())
                .unwrap();
            (0..64)
                .map(|_| plan.next(Route::Vehicles).kind())
                .collect::<Vec<_>>()
        };

        assert_eq!(plan(), plan());
    }

    #[test]
    fn certain_and_impossible_are_probabilities() {
        let mut never = FaultPlan::new(Random::new(1));
        never
            .fail_randomly(Route::Vehicles, 0.0, unavailable())
            .unwrap();
        let mut always = FaultPlan::new(Random::new(1));
        always
            .fail_randomly(Route::Vehicles, 1.0, unavailable())
            .unwrap();

        assert_eq!(failures(&mut never), 0);
        assert_eq!(failures(&mut always), 1000);
    }

    #[test]
    fn what_is_no_probability_is_refused() {
        let mut plan = FaultPlan::new(Random::new(1));

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
