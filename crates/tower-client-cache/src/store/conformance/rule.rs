//! The rules, their names and what they say.

use std::fmt;

/// A rule that every store has to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// A new store is empty.
    Empty,
    /// What decisions need comes back.
    Decisions,
    /// The request fields that an entry was selected by come back.
    SelectingFields,
    /// Fields come back.
    Fields,
    /// Sensitive fields stay sensitive.
    SensitiveFields,
    /// Content comes back.
    Content,
    /// The time of storing and the tags come back.
    TimeAndTags,
    /// Variants of one key stand side by side.
    Variants,
    /// An entry replaces the one of its id.
    Replacing,
    /// The latest of too many variants are kept.
    TooManyVariants,
    /// Owners are kept apart.
    Owners,
    /// Resources and values are kept apart.
    Resources,
    /// Long and odd keys are kept.
    OddKeys,
    /// An update changes the head alone.
    Update,
    /// An update changes one variant.
    UpdateOne,
    /// An update brings nothing back.
    UpdateNothing,
    /// One variant can be deleted.
    DeleteOne,
    /// All variants of a key can be deleted.
    DeleteKey,
    /// What is gone is deleted without complaint.
    DeleteNothing,
    /// All entries can be selected.
    SelectAll,
    /// Those of a principal can be selected.
    SelectPrincipal,
    /// Those with a tag can be selected.
    SelectTag,
    /// Those that match a pattern can be selected.
    SelectMatching,
    /// A list tells what is held.
    List,
    /// A list is no longer than was asked for.
    ListLimit,
    /// The size is that of what is held.
    Size,
    /// A peek agrees with a get.
    Peek,
    /// Readers see whole entries.
    WholeEntries,
    /// Writers do not lose each other's entries.
    NothingLost,
    /// What is deleted during an update stays deleted.
    DeleteWins,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 30] = [
        Self::Empty,
        Self::Decisions,
        Self::SelectingFields,
        Self::Fields,
        Self::SensitiveFields,
        Self::Content,
        Self::TimeAndTags,
        Self::Variants,
        Self::Replacing,
        Self::TooManyVariants,
        Self::Owners,
        Self::Resources,
        Self::OddKeys,
        Self::Update,
        Self::UpdateOne,
        Self::UpdateNothing,
        Self::DeleteOne,
        Self::DeleteKey,
        Self::DeleteNothing,
        Self::SelectAll,
        Self::SelectPrincipal,
        Self::SelectTag,
        Self::SelectMatching,
        Self::List,
        Self::ListLimit,
        Self::Size,
        Self::Peek,
        Self::WholeEntries,
        Self::NothingLost,
        Self::DeleteWins,
    ];

    /// Returns its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.told().0
    }

    /// Returns what it says.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        self.told().1
    }

    #[rustfmt::skip] // A table.
    const fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::Empty => ("empty", "a new store has nothing, and deletes nothing"),
            Self::Decisions => ("decisions", "status, times and all that decisions need come back as they were put"),
            Self::SelectingFields => ("selecting_fields", "the request fields that an entry was selected by come back: absent is not empty"),
            Self::Fields => ("fields", "all fields come back: every line of each, in order, with any byte"),
            Self::SensitiveFields => ("sensitive_fields", "fields that were marked sensitive are so again, and no others"),
            Self::Content => ("content", "content comes back byte by byte, none, in several pieces, or long"),
            Self::TimeAndTags => ("time_and_tags", "the time of storing and the tags come back"),
            Self::Variants => ("variants", "entries of one key with different ids stand side by side"),
            Self::Replacing => ("replacing", "an entry replaces the one of the same id as a whole"),
            Self::TooManyVariants => ("too_many_variants", "of more variants than a key may have the latest are kept"),
            Self::Owners => ("owners", "an entry is never returned to another owner, nor to one in another epoch"),
            Self::Resources => ("resources", "an entry is never returned under another URI, nor under a value's name"),
            Self::OddKeys => ("odd_keys", "keys of up to 8 KiB, and of any characters, are kept and told apart"),
            Self::Update => ("update", "an update replaces the head; content, time of storing and tags stay"),
            Self::UpdateOne => ("update_one", "an update changes the variant of its id alone"),
            Self::UpdateNothing => ("update_nothing", "an update of what is not there does nothing, and succeeds"),
            Self::DeleteOne => ("delete_one", "deleting one variant leaves the others, and counts one"),
            Self::DeleteKey => ("delete_key", "deleting a key deletes its variants, counts them, and leaves other keys"),
            Self::DeleteNothing => ("delete_nothing", "deleting what is not there counts nothing, and succeeds"),
            Self::SelectAll => ("select_all", "all entries can be listed and deleted"),
            Self::SelectPrincipal => ("select_principal", "the entries of a principal, of all epochs, can be listed and deleted, and no others"),
            Self::SelectTag => ("select_tag", "the entries with a tag can be listed and deleted, and no others, not even of their keys"),
            Self::SelectMatching => ("select_matching", "the entries whose whole URI or name matches a pattern can be listed and deleted, and no others"),
            Self::List => ("list", "a list tells key, variant, times and length of each entry once"),
            Self::ListLimit => ("list_limit", "a list has as many entries as there are, at most as many as were asked for"),
            Self::Size => ("size", "the size counts entries, about their bytes, and nothing as dropped"),
            Self::Peek => ("peek", "a peek that answers says what get does"),
            Self::WholeEntries => ("whole_entries", "who reads while others write gets one entry or another, never none or parts of both"),
            Self::NothingLost => ("nothing_lost", "what is put and deleted at once, of one key, is kept and gone as if it was in turn"),
            Self::DeleteWins => ("delete_wins", "what is deleted while it is updated is gone"),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_rule_has_a_name_and_a_sentence_of_its_own() {
        let names: HashSet<_> = Rule::ALL.map(Rule::name).into();
        let sentences: HashSet<_> = Rule::ALL.map(Rule::sentence).into();

        assert_eq!((names.len(), sentences.len()), (30, 30));
    }
}
