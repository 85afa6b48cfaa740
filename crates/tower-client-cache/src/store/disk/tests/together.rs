//! Several writers at once.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use super::super::failure::Failure;
use super::given::{Scene, entry, key};

const WRITERS: u64 = 8;
const ROUNDS: u64 = 40;
const MAX_BYTES: u64 = 256 * 1024;

#[test]
fn all_files_are_within_the_bound_while_many_write() {
    let scene = Scene::new(MAX_BYTES);
    let other = scene.another();
    let is_done = AtomicBool::new(false);

    let most = thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut most = 0;
            while !is_done.load(Relaxed) {
                most = most.max(scene.bytes());
                let (written, counted) = scene.taken();
                assert!(written >= counted, "{written} {counted}");
            }
            most
        });
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let disk = if writer % 2 == 0 { &scene.disk } else { &other };
                scope.spawn(move || {
                    for round in 0..ROUNDS {
                        let number = writer * ROUNDS + round;
                        match disk.put(&key(number % 50), &entry(number, 15_000)) {
                            Ok(()) | Err(Failure::Full | Failure::Locked) => {}
                            Err(failure) => panic!("{failure:?}"),
                        }
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        is_done.store(true, Relaxed);
        watcher.join().unwrap()
    });

    assert!((MAX_BYTES / 2..=MAX_BYTES).contains(&most), "{most}");
    let (written, counted) = scene.taken();
    assert_eq!(written, counted);
    assert!(scene.disk.temporary().unwrap().is_empty());
}

#[test]
fn what_one_store_puts_another_finds_updates_and_forgets() {
    let scene = Scene::new(MAX_BYTES);
    let other = scene.another();
    let one = entry(1, 100);
    scene.disk.put(&key(1), &one).unwrap();

    let found = other.get(&key(1)).unwrap();
    other.update(&key(1), &found.as_slice()[0]).unwrap();
    assert_eq!(other.delete(&key(1), None).unwrap(), 1);

    assert!(scene.there([1]).is_empty());
    assert_eq!(scene.disk.delete(&key(1), None).unwrap(), 0);
}

#[test]
fn a_lock_that_another_holds_is_waited_for_no_longer_than_a_while() {
    let scene = Scene::new(MAX_BYTES);
    scene.put(1, 100);
    let other = scene.another();
    let locked = other.lock().unwrap();

    let refused = scene.disk.put(&key(1), &entry(2, 100)).unwrap_err();
    assert!(matches!(refused, Failure::Locked));
    assert!(matches!(
        scene.disk.delete(&key(1), None),
        Err(Failure::Locked)
    ));
    assert_eq!(scene.there([1]), [1]);

    drop(locked);
    scene.put(1, 100);
}
