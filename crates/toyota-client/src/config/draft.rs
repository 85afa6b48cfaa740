//! Settings in the making: each source is read into them, and what is wrong is collected.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use super::error::Problems;
use super::key::{self, Key, keys};
use super::tree::{At, Member, Node, Value};
use super::{Config, ConfigError, Origin, Place, Problem, Settings};

/// An editor finds the schema by it.
const SCHEMA: &str = "$schema";

/// Settings that are read, source by source; what is read later wins.
pub(super) struct Draft {
    settings: Settings,
    origins: BTreeMap<&'static str, Origin>,
    file: Option<Arc<Path>>,
    warnings: Vec<Problem>,
    problems: Problems,
    takes: fn(&str) -> bool,
}

/// Where a tree comes from.
pub(super) enum Source {
    File(Arc<Path>),
    Embedded,
}

impl Source {
    fn place(&self, at: At) -> Place {
        match self {
            Self::File(path) => Place::File {
                path: Arc::clone(path),
                at: Some((at.line, at.column)),
            },
            Self::Embedded => Place::Embedded,
        }
    }

    fn origin(&self, at: At) -> Origin {
        match self {
            Self::File(path) => Origin::File {
                path: Arc::clone(path),
                line: at.line,
                column: at.column,
            },
            Self::Embedded => Origin::Code,
        }
    }
}

impl Draft {
    /// Begins with what is there.
    pub(super) fn of(config: Config) -> Self {
        Self {
            settings: config.settings,
            origins: config.origins,
            file: config.file,
            warnings: config.warnings,
            problems: Problems::default(),
            takes: |_| true,
        }
    }

    /// Takes only these keys, and leaves the others as they are, whatever they are set to.
    pub(super) fn taking(self, takes: fn(&str) -> bool) -> Self {
        Self { takes, ..self }
    }

    pub(super) fn add(&mut self, problem: Problem) {
        self.problems.add(|| problem);
    }

    pub(super) fn warn(&mut self, problem: Problem) {
        self.warnings.push(problem);
    }

    /// Sets one key from a text.
    pub(super) fn set(
        &mut self,
        key: &'static Key,
        text: &str,
        place: impl FnOnce() -> Place,
        origin: Origin,
    ) {
        if !(self.takes)(key.path()) {
            return;
        }
        match key.parse(text, &mut self.settings) {
            Ok(()) => {
                self.origins.insert(key.path(), origin);
            }
            Err(allowed) => {
                let problem = || Problem::value(place(), key, text, allowed);
                self.problems.add(problem);
            }
        }
    }

    /// Sets one key from a list of texts.
    pub(super) fn set_list(
        &mut self,
        key: &'static Key,
        items: &[&str],
        place: Place,
        origin: Origin,
    ) {
        if !(self.takes)(key.path()) {
            return;
        }
        match key.parse_list(items, &mut self.settings) {
            Ok(()) => {
                self.origins.insert(key.path(), origin);
            }
            Err(allowed) => self.refuse_shape(key, place, allowed),
        }
    }

    /// Reads the variables, in the order of the table. An empty one counts as not set.
    pub(super) fn read_variables<'a>(&mut self, read: impl Fn(&str) -> Option<&'a OsStr>) {
        for key in keys() {
            let place = || Place::Variable(key.variable().to_owned());
            let origin = Origin::Variable(key.variable());
            match read(key.variable()).map(OsStr::to_str) {
                Some(Some(text)) if is_blank(text) => {}
                Some(Some(text)) => self.set(key, text, place, origin),
                Some(None) if (self.takes)(key.path()) => {
                    let problem = || Problem::shape(place(), key.path(), "UTF-8");
                    self.problems.add(problem);
                }
                Some(None) | None => {}
            }
        }
    }

    /// Reads a tree of sections.
    pub(super) fn read_tree(&mut self, root: &Node, source: &Source) {
        if let Source::File(path) = source {
            self.file = Some(Arc::clone(path));
        }
        let members = match &root.value {
            Value::Table(members) => members,
            Value::Null => return,
            Value::Text(_) | Value::Typed(_) | Value::List(_) => {
                let message = "a table of sections is needed";
                let place = source.place(root.at);
                return self.problems.add(|| Problem::whole(place, message));
            }
        };
        for member in members {
            if member.key == SCHEMA {
                continue;
            }
            match key::sections().find(|section| *section == member.key) {
                Some(section) => self.read_section(section, &member.value, source),
                None => self.refuse(&member.key, member, source),
            }
        }
    }

    fn read_section(&mut self, section: &'static str, table: &Node, source: &Source) {
        let members = match &table.value {
            Value::Table(members) => members,
            Value::Null => return,
            Value::Text(_) | Value::Typed(_) | Value::List(_) => {
                let names = keys().filter(|key| key.section() == section);
                let names: Vec<_> = names.map(Key::name).collect();
                let allowed = format!("a table of {}", names.join(", "));
                let place = source.place(table.at);
                return self
                    .problems
                    .add(|| Problem::shape(place, section, allowed));
            }
        };
        for member in members {
            match keys().find(|key| key.section() == section && key.name() == member.key) {
                Some(key) => self.read_value(key, &member.value, source),
                None => self.refuse(&format!("{section}.{}", member.key), member, source),
            }
        }
    }

    fn read_value(&mut self, key: &'static Key, node: &Node, source: &Source) {
        match &node.value {
            Value::Null => {}
            Value::Text(text) if is_blank(text) => {}
            // A version of 2.10 would be 2.1, and a password another one.
            Value::Typed(_) if key.is_text() => {
                self.refuse_shape(key, source.place(node.at), "a text in quotes is needed");
            }
            Value::Text(text) | Value::Typed(text) => {
                let place = || source.place(node.at);
                self.set(key, text, place, source.origin(node.at));
            }
            Value::List(items) => self.read_list(key, items, node.at, source),
            Value::Table(_) => self.refuse_shape(key, source.place(node.at), key.allowed()),
        }
    }

    fn read_list(&mut self, key: &'static Key, items: &[Node], at: At, source: &Source) {
        let texts = items.iter().map(|item| match &item.value {
            Value::Text(text) => Some(text.as_str()),
            Value::Null | Value::Typed(_) | Value::List(_) | Value::Table(_) => None,
        });
        match texts.collect::<Option<Vec<_>>>() {
            Some(texts) => self.set_list(key, &texts, source.place(at), source.origin(at)),
            None => self.refuse_shape(key, source.place(at), key.allowed()),
        }
    }

    /// Says that what stands where a value of a key should is none.
    fn refuse_shape(&mut self, key: &Key, place: Place, allowed: impl Into<String>) {
        if (self.takes)(key.path()) {
            let problem = || Problem::shape(place, key.path(), allowed);
            self.problems.add(problem);
        }
    }

    fn refuse(&mut self, path: &str, member: &Member, source: &Source) {
        let place = source.place(member.at);
        self.problems.add(|| match key::find(path) {
            Some(key) => {
                let allowed = format!("{} within {}", key.name(), key.section());
                Problem::shape(place, path, allowed)
            }
            None => Problem::unknown(place, path),
        });
    }

    /// Returns a secret that a file set.
    pub(super) fn secret_of_file(&self) -> Option<&'static Key> {
        let is_of_file = |path| matches!(self.origins.get(path), Some(Origin::File { .. }));
        keys().find(|key| is_of_file(key.path()) && key.hides(&self.settings))
    }

    /// Ends it: looks at what has to fit together.
    pub(super) fn finish(mut self) -> Result<Config, ConfigError> {
        self.check_delays();
        self.check_gap();
        self.problems.into_result(Config {
            settings: self.settings,
            origins: self.origins,
            file: self.file,
            warnings: self.warnings,
        })
    }

    fn check_delays(&mut self) {
        let (base, max) = ("retry.base_delay", "retry.max_delay");
        let retry = &self.settings.retry;
        if retry.base_delay <= retry.max_delay {
            return;
        }
        // What was set is wrong, and not the default that it does not go with.
        if self.origins.contains_key(max) {
            self.contradict(max, "no less than", base);
        } else {
            self.contradict(base, "no more than", max);
        }
    }

    fn check_gap(&mut self) {
        let (gap, timeout) = ("api.min_gap", "api.timeout");
        let api = &self.settings.api;
        if self.origins.contains_key(gap) && api.min_gap >= api.timeout {
            self.contradict(gap, "less than", timeout);
        }
    }

    /// Says that one key does not go with another, unless one is wrong by itself.
    fn contradict(&mut self, one: &str, relation: &str, other: &str) {
        if self.problems.are_about(one) || self.problems.are_about(other) {
            return;
        }
        let (Some(key), Some(found)) = (key::find(one), key::find(other)) else {
            return;
        };
        let text = |key: &Key| key.text(&self.settings).unwrap_or_default();
        let allowed = format!("{relation} {other}, which is {}", text(found));
        let place = self.origins.get(one).unwrap_or(&Origin::Default).place();
        let problem = Problem::value(place, key, &text(key), allowed);
        self.problems.add(|| problem);
    }
}

pub(super) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
