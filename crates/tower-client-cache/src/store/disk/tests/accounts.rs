//! The ledger says what is there, or more.

use std::fs;

use fastrand::Rng;

use super::super::file::Written;
use super::super::ledger;
use super::given::{Scene, entry, key, variant};
use crate::policy::Timestamp;
use crate::{Entry, Selection};

const LANGUAGES: [&str; 3] = ["de", "en", "fr"];

#[test]
fn whatever_was_done_the_ledger_says_what_is_there() {
    let scene = Scene::new(512 * 1024);
    let mut random = Rng::with_seed(0xd15c);
    for step in 0..600 {
        let key = key(random.u64(..8));
        let language = *random.choice(LANGUAGES.iter()).unwrap();
        let given = variant(step, random.usize(..60_000), language);
        let disk = &scene.disk;
        match random.u8(..10) {
            0..5 => disk.put(&key, &given).unwrap(),
            5..7 => {
                let there = disk.get(&key).unwrap();
                if let Some(there) = there.find(given.variant()) {
                    let update = there.with_head(given.head().clone());
                    disk.update(&key, &update).unwrap();
                }
            }
            7 => drop(disk.delete(&key, Some(given.variant())).unwrap()),
            8 => drop(disk.delete(&key, None).unwrap()),
            _ if step % 10 == 0 => drop(disk.delete_matching(&Selection::All).unwrap()),
            _ => disk.update(&key, &given).unwrap(),
        }

        let (written, counted) = scene.taken();
        assert_eq!(written, counted, "after step {step}");
        assert!(written <= 512 * 1024);
    }
    assert!(scene.disk.size().unwrap().evictions > 0);
}

#[test]
fn what_is_refused_takes_nothing() {
    let scene = Scene::new(64 * 1024);
    scene.put(1, 100);
    let before = scene.taken();

    scene.disk.put(&key(2), &entry(2, 70_000)).unwrap_err();
    // It would fit alone, but not with the ledger and the blocks of a disk.
    scene.disk.put(&key(3), &entry(3, 60_000)).unwrap_err();

    assert_eq!(scene.there([1, 2, 3]), [1]);
    assert_eq!(scene.taken(), before);
}

#[test]
fn what_cannot_be_kept_is_no_longer_what_it_was() {
    let scene = Scene::new(64 * 1024);
    scene.put(1, 100);

    scene.disk.put(&key(1), &entry(1, 70_000)).unwrap_err();

    assert!(scene.there([1]).is_empty());
    assert_eq!(scene.taken(), (ledger::NOTHING, ledger::NOTHING));
}

#[test]
fn what_is_abandoned_is_given_back() {
    let scene = Scene::new(64 * 1024);
    let written = Written::new(Timestamp(0), &[0; 100], vec![0; 5000].into()).unwrap();

    let temporary = scene.disk.write(&written).unwrap();
    let during = scene.taken();
    scene.disk.abandon(temporary);

    let expected = ledger::NOTHING + ledger::charge(5112);
    assert_eq!(during, (expected, expected));
    assert_eq!(scene.taken(), (ledger::NOTHING, ledger::NOTHING));
}

#[test]
fn a_ledger_that_cannot_be_read_is_counted_anew() {
    let scene = Scene::new(64 * 1024);
    scene.put(1, 100);
    scene.put(2, 10_000);
    let lock = scene.disk.folder.lock();
    let good = fs::read(&lock).unwrap();
    let of_another_start = ledger::encode(7, ledger::start() ^ 1);
    let longer = [&good[..], b"0"].concat();

    for bad in [&b""[..], b"damaged", &[0; 16], &of_another_start, &longer] {
        fs::write(&lock, bad).unwrap();

        let (written, counted) = scene.taken();
        assert_eq!(written, counted, "{bad:?}");
        assert_eq!(fs::read(&lock).unwrap()[..16], good, "{bad:?}");
    }
    fs::remove_file(&lock).unwrap();
    assert_eq!(scene.taken().0, scene.taken().1);
}

#[test]
fn what_the_dead_have_reserved_is_free_when_room_was_made() {
    let scene = Scene::new(64 * 1024);
    scene.put(1, 100);
    let reserved = {
        let mut locked = scene.disk.lock().unwrap();
        locked.take(50_000).unwrap();
        locked.taken()
    };
    assert_eq!(scene.taken().0, reserved);

    scene.put(2, 10_000);

    let (written, counted) = scene.taken();
    assert_eq!(written, counted);
    assert_eq!(scene.there([1, 2]), [1, 2]);
}

#[test]
fn an_update_of_what_was_replaced_while_it_was_written_takes_nothing() {
    let scene = Scene::new(1 << 20);
    let (old, new) = (entry(1, 100), entry(2, 200));
    scene.disk.put(&key(1), &old).unwrap();
    scene.disk.put(&key(1), &new).unwrap();
    let before = scene.taken();

    scene.disk.update(&key(1), &old).unwrap();

    assert_eq!(created(&scene), [new.created()]);
    assert_eq!(scene.taken(), before);
}

fn created(scene: &Scene) -> Vec<Timestamp> {
    let found = scene.disk.get(&key(1)).unwrap();
    found
        .as_slice()
        .iter()
        .map(|entry| Entry::created(entry))
        .collect()
}
