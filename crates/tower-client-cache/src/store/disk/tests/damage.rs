//! Files that are not as they were written: a miss or the right entry, and never another.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::given::{Scene, entry, key, variant};
use crate::{Entry, Selection};

const LENGTH: usize = 50;

#[test]
fn whatever_bit_is_flipped_it_is_the_right_entry_or_none() {
    let scene = Scene::new(1 << 20);
    let (file, right) = written(&scene);
    let path = scene.path(1);
    let mut found_at = Vec::new();
    for bit in 0..file.len() * 8 {
        let mut damaged = file.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        place(&path, &damaged);

        if let Some(found) = only(&scene) {
            assert!(is_same(&found, &right), "{bit}");
            found_at.push(bit);
        } else {
            assert!(!path.exists(), "what is damaged is removed: {bit}");
        }
    }
    // When it expires is nobody's answer.
    assert_eq!(found_at, (0..64).collect::<Vec<_>>());
}

#[test]
fn wherever_it_is_cut_off_there_is_none() {
    let scene = Scene::new(1 << 20);
    let (file, _) = written(&scene);
    let path = scene.path(1);
    for length in 0..file.len() {
        place(&path, &file[..length]);

        assert!(only(&scene).is_none(), "{length}");
        assert!(!path.exists(), "{length}");
    }
}

#[test]
fn what_a_power_failure_leaves_is_none() {
    let scene = Scene::new(1 << 20);
    let (file, _) = written(&scene);
    let path = scene.path(1);
    let zeros = vec![0; file.len()];
    let half = [&file[..file.len() / 2], &zeros[file.len() / 2..]].concat();
    let longer = [&file[..], &[0; 100]].concat();
    for left in [zeros, half, longer] {
        place(&path, &left);

        assert!(only(&scene).is_none());
    }
}

#[test]
fn what_was_written_for_another_place_is_none() {
    let scene = Scene::new(1 << 20);
    let (file, _) = written(&scene);
    scene.put(2, LENGTH);
    let other_key = scene.path(2);
    fs::write(&other_key, &file).unwrap();
    let other_variant = scene.path(1).with_file_name("0123456789abcdef");
    fs::write(&other_variant, &file).unwrap();

    assert_eq!(scene.there([1, 2]), [1]);
    assert!(!other_key.exists() && !other_variant.exists());
}

#[test]
fn what_cannot_be_read_is_not_listed_and_goes_with_all() {
    let scene = Scene::new(1 << 20);
    scene.put(1, LENGTH);
    scene.put(2, LENGTH);
    fs::write(scene.path(1), b"damaged").unwrap();

    let all = Selection::All;
    assert_eq!(scene.disk.list(&all, usize::MAX).unwrap().len(), 1);
    assert_eq!(scene.disk.delete_matching(&all).unwrap(), 2);
    assert_eq!(scene.disk.size().unwrap().entries, 0);
}

#[test]
fn what_is_longer_than_an_entry_may_be_is_removed_and_not_read() {
    let scene = Scene::new(1 << 20);
    scene.put(1, LENGTH);
    let path = scene.path(1);
    let longest = scene.disk.settings.longest_file();
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(longest + 1).unwrap();

    assert!(only(&scene).is_none());
    assert!(!path.exists());
}

#[test]
fn what_cannot_be_read_is_not_updated() {
    let scene = Scene::new(1 << 20);
    let entry = entry(1, LENGTH);
    scene.disk.put(&key(1), &entry).unwrap();
    fs::write(scene.path(1), b"damaged").unwrap();

    scene.disk.update(&key(1), &entry).unwrap();

    assert!(only(&scene).is_none());
}

#[test]
fn what_is_damaged_stays_while_others_hold_the_lock() {
    let scene = Scene::new(1 << 20);
    scene.put(1, LENGTH);
    let path = scene.path(1);
    fs::write(&path, b"damaged").unwrap();
    let other = scene.another();
    let locked = other.lock().unwrap();

    assert!(only(&scene).is_none());
    assert!(path.exists());

    drop(locked);
    assert!(only(&scene).is_none());
    assert!(!path.exists());
}

/// Puts an entry, and returns it with what is in its file.
fn written(scene: &Scene) -> (Vec<u8>, Entry) {
    scene.put(1, LENGTH);
    let file = fs::read(scene.path(1)).unwrap();
    (file, variant(1, LENGTH, ""))
}

/// Puts a file in a place where nothing need be any more.
fn place(path: &Path, file: &[u8]) {
    let folder = path.parent().unwrap();
    drop(fs::remove_dir_all(folder));
    fs::create_dir(folder).unwrap();
    fs::write(path, file).unwrap();
}

fn only(scene: &Scene) -> Option<Arc<Entry>> {
    let found = scene.disk.get(&key(1)).unwrap();
    assert!(found.as_slice().len() < 2);
    found.as_slice().first().cloned()
}

fn is_same(found: &Entry, right: &Entry) -> bool {
    found.content().to_bytes() == right.content().to_bytes()
        && found.created() == right.created()
        && found.stored() == right.stored()
        && found.head().fields == right.head().fields
}
