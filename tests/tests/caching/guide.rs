//! The guide's table of sections is that of the cases.

use std::collections::BTreeMap;

use crate::cases;

const GUIDE: &str = include_str!("../../../docs/cache.md");

#[test]
fn the_guide_names_the_cases_of_every_section() {
    let mut sections: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for case in cases::all() {
        let names = sections.entry(Section::of(case.section)).or_default();
        // Without the row that the case is about.
        let name = case.name.split(" (").next().unwrap().to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let row = |(section, names): (&Section, &Vec<String>)| {
        let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        format!("| {} | {} |", section.shown(), names.join(", "))
    };

    let missing: Vec<_> = sections
        .iter()
        .map(row)
        .filter(|row| !GUIDE.lines().any(|line| line == row))
        .collect();

    assert!(
        missing.is_empty(),
        "not in the guide:\n{}",
        missing.join("\n")
    );
}

/// A section of an RFC, ordered as the guide has them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Section {
    place: usize,
    rfc: &'static str,
    numbers: Vec<u32>,
}

impl Section {
    fn of(text: &'static str) -> Self {
        const FIRST: [&str; 5] = ["9111", "9110", "5861", "8246", "9211"];
        let text = text.strip_prefix("RFC ").unwrap();
        let (rfc, section) = text.split_once(" section ").unwrap_or((text, ""));
        let numbers = section.split('.').filter(|number| !number.is_empty());
        Self {
            place: FIRST
                .iter()
                .position(|first| *first == rfc)
                .unwrap_or(FIRST.len()),
            rfc,
            numbers: numbers.map(|number| number.parse().unwrap()).collect(),
        }
    }

    fn shown(&self) -> String {
        let numbers: Vec<_> = self.numbers.iter().map(u32::to_string).collect();
        match &*numbers.join(".") {
            "" => self.rfc.to_owned(),
            section => format!("{}, {section}", self.rfc),
        }
    }
}
