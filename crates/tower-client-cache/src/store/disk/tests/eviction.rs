//! What goes when there is no room, and in which order.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use super::super::file::Written;
use super::super::{ledger, now};
use super::given::{Scene, key, set_used, variant};
use crate::Variants;
use crate::policy::Timestamp;

const HOUR: Duration = Duration::from_secs(3600);
/// The content of an entry that takes 12 KiB.
const LENGTH: usize = 7000;

#[test]
fn what_was_used_least_recently_goes_first() {
    let scene = Scene::new(256 * 1024);
    for number in 0..21 {
        scene.put(number, LENGTH);
    }
    // They were used from the last to the first; and the last is used again.
    for (number, hours) in (0..21).zip(1..) {
        scene.unused_for(number, HOUR * hours);
    }
    assert_eq!(scene.there([20]), [20]);

    scene.put(21, LENGTH);

    // All is full: 12 KiB for each, and 4 for the ledger. Then a tenth is free.
    let left: Vec<_> = (0..17).chain([20, 21]).collect();
    assert_eq!(scene.there(0..22), left);
    assert_eq!(scene.disk.size().unwrap().evictions, 3);
}

#[test]
fn what_has_expired_or_is_damaged_goes_before_what_is_of_use() {
    let scene = Scene::new(128 * 1024);
    for number in 0..10 {
        scene.put(number, LENGTH);
    }
    scene.unused_for(0, HOUR);
    scene.expire(4, Timestamp(now().0 - 1));
    fs::write(scene.path(5), b"damaged").unwrap();

    scene.put(10, LENGTH);

    assert_eq!(scene.there(0..11), [0, 1, 2, 3, 6, 7, 8, 9, 10]);
}

#[test]
fn a_use_is_noted_once_a_minute() {
    let scene = Scene::new(1 << 20);
    scene.put(1, LENGTH);
    let path = scene.path(1);
    let used = || fs::metadata(&path).unwrap().modified().unwrap();
    let now = SystemTime::now();
    for (noted, is_renewed) in [
        (now - Duration::from_secs(30), false),
        (now - Duration::from_secs(90), true),
        // A clock was set back.
        (now + HOUR, true),
    ] {
        set_used(&path, noted);
        let before = used();

        scene.there([1]);

        assert_eq!(used() != before, is_renewed);
        if is_renewed {
            assert!(now.duration_since(used()).unwrap_or_default() < Duration::from_secs(10));
        }
    }
}

#[test]
fn what_the_dead_were_writing_goes_and_what_the_living_write_stays() {
    let scene = Scene::new(128 * 1024);
    let written = Written::new(Timestamp(i64::MAX), &[0; 100], vec![0; 40_000].into()).unwrap();
    let living = scene.disk.write(&written).unwrap();
    let dead = scene.disk.folder.temporary().join("0123456789abcdef");
    File::create(&dead).unwrap().set_len(40_000).unwrap();
    scene
        .disk
        .lock()
        .unwrap()
        .take(ledger::charge(40_000))
        .unwrap();

    for number in 0..4 {
        scene.put(number, LENGTH);
    }

    assert_eq!(scene.there(0..4), [0, 1, 2, 3]);
    assert!(!dead.exists());
    assert_eq!(scene.disk.temporary().unwrap().len(), 1);
    let (written, counted) = scene.taken();
    assert_eq!(written, counted);
    scene.disk.abandon(living);
    assert!(scene.disk.temporary().unwrap().is_empty());
}

#[test]
fn what_is_being_written_leaves_no_room_for_more() {
    let scene = Scene::new(64 * 1024);
    let written = Written::new(Timestamp(0), &[0; 100], vec![0; 45_000].into()).unwrap();
    let living = scene.disk.write(&written).unwrap();

    let refused = scene.disk.write(&written).unwrap_err();
    drop(living);
    let written = scene.disk.write(&written);

    assert_eq!(refused.to_string(), "there is no room, as others write");
    assert!(written.is_ok());
}

#[test]
fn what_is_too_long_pushes_nothing_out() {
    let scene = Scene::new(64 * 1024);
    for number in 0..4 {
        scene.put(number, LENGTH);
    }

    scene
        .disk
        .put(&key(4), &variant(4, 64_000, ""))
        .unwrap_err();

    assert_eq!(scene.there(0..5), [0, 1, 2, 3]);
}

#[test]
fn the_oldest_of_too_many_variants_go_and_are_counted() {
    const LANGUAGES: [&str; 36] = {
        let digits = "0123456789abcdefghijklmnopqrstuvwxyz";
        let mut languages = [""; 36];
        let mut at = 0;
        while at < 36 {
            languages[at] = digits.split_at(at).1.split_at(1).0;
            at += 1;
        }
        languages
    };
    let scene = Scene::new(4 << 20);
    for language in LANGUAGES {
        scene.disk.put(&key(1), &variant(1, 10, language)).unwrap();
    }

    let found = scene.disk.get(&key(1)).unwrap();
    let size = scene.disk.size().unwrap();
    assert_eq!(found.as_slice().len(), Variants::MOST);
    assert_eq!((size.entries, size.evictions), (32, 4));
}
