//! Tables that a TOML document defines in several places, and which of them may go on.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::config::format::{Budget, SyntaxError, table};
use crate::config::tree::{At, Member, Node, Value};

/// A key and where it begins.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) name: String,
    pub(super) at: At,
}

/// A table that may still grow.
#[derive(Debug)]
pub(super) struct Table {
    at: At,
    origin: Origin,
    members: BTreeMap<String, (At, Item)>,
}

/// What a table is there for, which tells what may be added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Has a header: `[here]`.
    Header,
    /// Stands in another's header, `[here.there]`, and may get its own.
    Implied,
    /// Made by keys with dots, `here.key = …`, or in braces.
    Dotted,
}

#[derive(Debug)]
enum Item {
    /// Never grows: a scalar, a list, a table in braces.
    Value(Node),
    Table(Table),
    /// A list by headers, `[[here]]`; what follows belongs to the last.
    Tables {
        at: At,
        whole: Vec<Node>,
        last: Table,
    },
}

impl Table {
    pub(super) fn new(at: At, origin: Origin) -> Self {
        Self {
            at,
            origin,
            members: BTreeMap::new(),
        }
    }

    /// Returns the table that keys lead to, and makes those that are not there.
    pub(super) fn descend(
        &mut self,
        keys: &[Key],
        origin: Origin,
        budget: &mut Budget,
    ) -> Result<&mut Self, SyntaxError> {
        keys.iter()
            .try_fold(self, |table, key| table.step(key, origin, budget))
    }

    fn step(
        &mut self,
        key: &Key,
        origin: Origin,
        budget: &mut Budget,
    ) -> Result<&mut Self, SyntaxError> {
        let (first, item) = match self.members.entry(key.name.clone()) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(place) => {
                budget.spend(key.at)?;
                place.insert((key.at, Item::Table(Self::new(key.at, origin))))
            }
        };
        let dotted = origin == Origin::Dotted;
        match item {
            Item::Table(table) if !dotted || table.origin != Origin::Header => {
                if dotted {
                    table.origin = Origin::Dotted;
                }
                Ok(table)
            }
            Item::Tables { last, .. } if !dotted => Ok(last),
            Item::Value(_) | Item::Table(_) | Item::Tables { .. } => {
                Err(SyntaxError::duplicate(key.at, *first))
            }
        }
    }

    /// Puts a value where its keys say.
    pub(super) fn put(
        &mut self,
        keys: &[Key],
        value: Node,
        budget: &mut Budget,
    ) -> Result<(), SyntaxError> {
        let Some((last, around)) = keys.split_last() else {
            return Ok(());
        };
        let table = self.descend(around, Origin::Dotted, budget)?;
        match table.members.entry(last.name.clone()) {
            Entry::Occupied(there) => Err(SyntaxError::duplicate(last.at, there.get().0)),
            Entry::Vacant(place) => {
                place.insert((last.at, Item::Value(value)));
                Ok(())
            }
        }
    }

    /// Makes the table of a header, or gives an implied one its header.
    pub(super) fn define(&mut self, key: &Key, budget: &mut Budget) -> Result<(), SyntaxError> {
        match self.members.entry(key.name.clone()) {
            Entry::Vacant(place) => {
                budget.spend(key.at)?;
                place.insert((key.at, Item::Table(Self::new(key.at, Origin::Header))));
                Ok(())
            }
            Entry::Occupied(there) => match there.into_mut() {
                (_, Item::Table(table)) if table.origin == Origin::Implied => {
                    table.origin = Origin::Header;
                    Ok(())
                }
                (first, _) => Err(SyntaxError::duplicate(key.at, *first)),
            },
        }
    }

    /// Makes the next table of a list by headers.
    pub(super) fn define_next(
        &mut self,
        key: &Key,
        budget: &mut Budget,
    ) -> Result<(), SyntaxError> {
        budget.spend(key.at)?;
        let next = Self::new(key.at, Origin::Header);
        match self.members.entry(key.name.clone()) {
            Entry::Vacant(place) => {
                budget.spend(key.at)?;
                let tables = Item::Tables {
                    at: key.at,
                    whole: Vec::new(),
                    last: next,
                };
                place.insert((key.at, tables));
                Ok(())
            }
            Entry::Occupied(there) => match there.into_mut() {
                (_, Item::Tables { whole, last, .. }) => {
                    whole.push(std::mem::replace(last, next).into_node());
                    Ok(())
                }
                (first, _) => Err(SyntaxError::duplicate(key.at, *first)),
            },
        }
    }

    /// Returns it as it is now.
    pub(super) fn into_node(self) -> Node {
        let members = self.members.into_iter();
        let members = members.map(|(key, (at, item))| Member {
            key,
            at,
            value: item.into_node(),
        });
        table(self.at, members.collect())
    }
}

impl Item {
    fn into_node(self) -> Node {
        match self {
            Self::Value(node) => node,
            Self::Table(table) => table.into_node(),
            Self::Tables {
                at,
                mut whole,
                last,
            } => {
                whole.push(last.into_node());
                let value = Value::List(whole);
                Node { at, value }
            }
        }
    }
}
