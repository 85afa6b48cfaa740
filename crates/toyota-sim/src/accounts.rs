//! The accounts that a simulator serves, and who is who.

use std::{iter, time::SystemTime};

use crate::account::{Account, Car};

/// One account or more, in the order in which they were added.
#[derive(Clone, Debug)]
pub(crate) struct Accounts {
    pub(crate) first: Account,
    others: Vec<Account>,
}

impl Accounts {
    pub(crate) fn new(first: Account) -> Self {
        Self {
            first,
            others: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, account: Account) {
        self.others.push(account);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Account> {
        iter::once(&self.first).chain(&self.others)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Account> {
        iter::once(&mut self.first).chain(&mut self.others)
    }

    /// Returns the account at this place.
    pub(crate) fn at(&mut self, place: usize) -> Option<&mut Account> {
        self.iter_mut().nth(place)
    }

    /// Returns the car with this VIN, of the first account that has it.
    pub(crate) fn car(&mut self, vin: &str) -> Option<&mut Car> {
        self.iter_mut().find_map(|account| account.car_mut(vin))
    }

    /// Returns the account that the API knows by this identifier, and its place.
    pub(crate) fn of_guid(&self, guid: &str) -> Option<(usize, &Account)> {
        self.iter()
            .enumerate()
            .find(|(_, account)| account.guid() == guid)
    }

    /// Lets all cars remember the drives of the year before.
    pub(crate) fn remember(&mut self, now: SystemTime) {
        self.iter_mut().for_each(|account| account.remember(now));
    }

    /// Returns the account that signs in under this name.
    pub(crate) fn of_username(&self, username: &str) -> Option<&Account> {
        self.iter().find(|account| account.username() == username)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_found_by_guid_and_by_name() {
        let mut accounts = Accounts::new(Account::new("one", "hush", "1"));
        accounts.add(Account::new("two", "hush", "2"));

        let place = |guid| accounts.of_guid(guid).map(|(place, _)| place);
        let guid = |username| accounts.of_username(username).map(Account::guid);

        assert_eq!(
            [place("1"), place("2"), place("3")],
            [Some(0), Some(1), None]
        );
        assert_eq!(
            [guid("one"), guid("two"), guid("three")],
            [Some("1"), Some("2"), None]
        );
    }

    #[test]
    fn of_two_that_are_the_same_the_first_is_found() {
        let mut accounts = Accounts::new(Account::new("one", "first", "1"));
        accounts.add(Account::new("one", "second", "1"));

        let by_guid = accounts.of_guid("1").map(|(place, _)| place);
        let by_name = accounts.of_username("one").map(Account::password);

        assert_eq!((by_guid, by_name), (Some(0), Some("first")));
    }
}
