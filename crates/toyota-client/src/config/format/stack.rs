//! A tree from the inside out: tables and lists that are open, and what goes into them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Budget, MAX_DEPTH, SyntaxError, table};
use crate::config::tree::{At, Member, Node, Value};

/// Builds the tree of a format whose tables are written in one piece.
#[derive(Debug, Default)]
pub(super) struct Stack {
    open: Vec<Open>,
    budget: Budget,
    root: Option<Node>,
}

#[derive(Debug)]
struct Open {
    at: At,
    content: Content,
}

#[derive(Debug)]
enum Content {
    List(Vec<Node>),
    Table {
        members: BTreeMap<String, (At, Node)>,
        /// The key whose value comes next.
        key: Option<(String, At)>,
    },
}

impl Stack {
    /// Tells whether the next scalar is a key.
    pub(super) fn awaits_key(&self) -> bool {
        let content = self.open.last().map(|open| &open.content);
        matches!(content, Some(Content::Table { key: None, .. }))
    }

    /// Tells whether nothing has come yet.
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty() && self.root.is_none()
    }

    pub(super) fn open_list(&mut self, at: At) -> Result<(), SyntaxError> {
        if self.is_empty() {
            return Err(SyntaxError::no_table(at));
        }
        self.open(at, Content::List(Vec::new()))
    }

    pub(super) fn open_table(&mut self, at: At) -> Result<(), SyntaxError> {
        let content = Content::Table {
            members: BTreeMap::new(),
            key: None,
        };
        self.open(at, content)
    }

    fn open(&mut self, at: At, content: Content) -> Result<(), SyntaxError> {
        if self.awaits_key() {
            return Err(SyntaxError::new(at, "a key is a text"));
        }
        if self.open.len() == MAX_DEPTH {
            return Err(SyntaxError::too_deep(at));
        }
        self.budget.spend(at)?;
        self.open.push(Open { at, content });
        Ok(())
    }

    /// Closes the table or list that was opened last.
    pub(super) fn close(&mut self) -> Result<(), SyntaxError> {
        match self.open.pop() {
            Some(open) => self.put(open.into_node()),
            None => Ok(()),
        }
    }

    /// Takes a scalar: a key where one is awaited.
    pub(super) fn scalar(&mut self, at: At, text: String) -> Result<(), SyntaxError> {
        if let Some(Open { content, .. }) = self.open.last_mut()
            && let Content::Table { members, key } = content
            && key.is_none()
        {
            if let Some((first, _)) = members.get(&text) {
                return Err(SyntaxError::duplicate(at, *first));
            }
            *key = Some((text, at));
            return Ok(());
        }
        self.value(at, Value::Text(text))
    }

    pub(super) fn null(&mut self, at: At) -> Result<(), SyntaxError> {
        if self.awaits_key() {
            return Err(SyntaxError::new(at, "a key is a text"));
        }
        self.value(at, Value::Null)
    }

    fn value(&mut self, at: At, value: Value) -> Result<(), SyntaxError> {
        self.budget.spend(at)?;
        self.put(Node { at, value })
    }

    fn put(&mut self, node: Node) -> Result<(), SyntaxError> {
        match self.open.last_mut().map(|open| &mut open.content) {
            Some(Content::List(items)) => items.push(node),
            Some(Content::Table { members, key }) => {
                if let Some((key, at)) = key.take()
                    && let Entry::Vacant(place) = members.entry(key)
                {
                    place.insert((at, node));
                }
            }
            None if matches!(node.value, Value::Table(_)) => self.root = Some(node),
            None => return Err(SyntaxError::no_table(node.at)),
        }
        Ok(())
    }

    /// Returns the top-level table; an empty one if nothing has come.
    pub(super) fn finish(self) -> Node {
        self.root.unwrap_or_else(|| table(At::START, Vec::new()))
    }
}

impl Open {
    fn into_node(self) -> Node {
        let members = match self.content {
            Content::List(items) => {
                let value = Value::List(items);
                return Node { at: self.at, value };
            }
            Content::Table { members, .. } => members,
        };
        let members = members.into_iter();
        let members = members.map(|(key, (at, value))| Member { key, at, value });
        table(self.at, members.collect())
    }
}
