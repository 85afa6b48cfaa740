//! Which rule a call has.

use std::collections::HashMap;
use std::fmt;

use http::{Extensions, HeaderMap, Method, Uri};
use tower_client_call::Operation;

use super::Rule;

/// What is asked, as far as a rule can depend on it.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The method.
    pub method: &'a Method,
    /// The URI.
    pub uri: &'a Uri,
    /// The header fields.
    pub headers: &'a HeaderMap,
    /// The facts that layers and the caller know of the call.
    pub extensions: &'a Extensions,
}

impl Asked<'_> {
    /// Returns the operation that is called, if the caller said so.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        Operation::find(self.extensions)
    }
}

impl fmt::Debug for Asked<'_> {
    /// Leaves out what may tell of people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked")
            .field("method", &self.method)
            .field("operation", &self.operation())
            .finish_non_exhaustive()
    }
}

/// Says for each call by which [`Rule`] it is cached: a [`RuleTable`], or a closure.
pub trait ChooseRule: Send + Sync + 'static {
    /// Returns the rule of a call. Asked once for each, before anything is looked up.
    fn rule(&self, asked: &Asked<'_>) -> Rule;
}

impl<F> ChooseRule for F
where
    F: Fn(&Asked<'_>) -> Rule + Send + Sync + 'static,
{
    fn rule(&self, asked: &Asked<'_>) -> Rule {
        self(asked)
    }
}

/// A rule for all calls.
impl ChooseRule for Rule {
    fn rule(&self, _: &Asked<'_>) -> Rule {
        self.clone()
    }
}

/// Rules by the names of [operations](Operation), and one for all others.
///
/// ```
/// use std::time::Duration;
/// use tower_client_cache::{Rule, RuleTable};
///
/// let rules = RuleTable::new(Rule::off())
///     .operation("vehicles", Rule::fixed(Duration::from_secs(300)));
/// # let _ = rules;
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct RuleTable {
    by_name: HashMap<&'static str, Rule>,
    others: Rule,
}

impl RuleTable {
    /// Creates a table with one rule for all calls.
    pub fn new(others: Rule) -> Self {
        Self {
            by_name: HashMap::new(),
            others,
        }
    }

    /// Caches the calls of an operation by this rule.
    pub fn operation(mut self, name: &'static str, rule: Rule) -> Self {
        self.by_name.insert(name, rule);
        self
    }
}

impl ChooseRule for RuleTable {
    fn rule(&self, asked: &Asked<'_>) -> Rule {
        let name = asked.operation().map(|operation| operation.name());
        let own = name.and_then(|name| self.by_name.get(name));
        own.unwrap_or(&self.others).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_finds_the_rule_of_an_operation() {
        let table = RuleTable::new(Rule::off()).operation("trips", Rule::standard());
        for (name, off) in [(Some("trips"), false), (Some("cars"), true), (None, true)] {
            let mut extensions = Extensions::new();
            if let Some(name) = name {
                extensions.insert(Operation::new(name, "/"));
            }
            let asked = Asked {
                method: &Method::GET,
                uri: &Uri::default(),
                headers: &HeaderMap::new(),
                extensions: &extensions,
            };

            assert_eq!(table.rule(&asked).is_off(), off, "{name:?}");
        }
    }
}
