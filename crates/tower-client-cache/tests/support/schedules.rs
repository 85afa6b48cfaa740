//! Every order in which accesses that are held can go on.

use crate::stepped::{Mode, Steps};

/// More would be a mistake of the test: it would not end.
const MOST: usize = 100_000;

/// Which of those that are held goes on, each time.
#[derive(Debug, Default)]
struct Choices {
    /// What was chosen, and of how many.
    chosen: Vec<(usize, usize)>,
    at: usize,
}

/// Runs a scenario in every order: `begin` makes it and starts its tasks, `check` looks at what has
/// come of it when nothing is held any more. Returns how many orders there are.
pub(crate) async fn in_every_order<T>(
    begin: impl AsyncFn(&Steps) -> T,
    check: impl AsyncFn(T),
) -> usize {
    let mut choices = Choices::default();
    for count in 1..MOST {
        let steps = Steps::default();
        let scenario = begin(&steps).await;
        choices.at = 0;
        loop {
            settle().await;
            match steps.held() {
                0 => break,
                held => steps.let_go(choices.next(held)),
            }
        }
        steps.set(Mode::Free);
        check(scenario).await;
        if !choices.advance() {
            return count;
        }
    }
    panic!("more than {MOST} orders");
}

/// Lets all tasks do what they can without what is held.
pub(crate) async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

impl Choices {
    fn next(&mut self, of: usize) -> usize {
        if self.at == self.chosen.len() {
            self.chosen.push((0, of));
        }
        let (chosen, before) = self.chosen[self.at];
        assert_eq!(before, of, "the same choices lead to the same");
        self.at += 1;
        chosen
    }

    /// Goes on to the next order; tells whether there is one.
    fn advance(&mut self) -> bool {
        while let Some((chosen, of)) = self.chosen.pop() {
            if chosen + 1 < of {
                self.chosen.push((chosen + 1, of));
                return true;
            }
        }
        false
    }
}
