//! Which files there are, what is in them, and who may read it.

use std::cell::Cell;

use tempfile::TempDir;

use super::*;

/// 23:59:59.
const LATE: &str = "2026-11-23T23:59:59Z";

#[test]
fn a_new_file_begins_with_the_hour_or_day() {
    for (rotation, names) in [
        (LogRotation::Never, &["log"][..]),
        (LogRotation::Daily, &["log.2026-11-23", "log.2026-11-24"]),
        (
            LogRotation::Hourly,
            &[
                "log.2026-11-23-23",
                "log.2026-11-24-00",
                "log.2026-11-24-01",
            ],
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let now = Cell::new(LATE.parse().unwrap());
        let mut log = open(&folder, rotation, 7, &now).unwrap();

        for wait in [0, 1, 60, 60 * 60] {
            now.set(now.get() + jiff::SignedDuration::from_secs(wait));
            writeln!(log, "after {wait}").unwrap();
        }

        assert_eq!(names_in(&folder), names);
        let texts = names
            .iter()
            .map(|name| fs::read_to_string(folder.path().join(name)));
        let texts: Vec<_> = texts.map(Result::unwrap).collect();
        assert_eq!(texts.concat(), "after 0\nafter 1\nafter 60\nafter 3600\n");
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed_and_what_it_leads_to_stays_as_it_is() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("target");
    fs::write(&target, "another's").unwrap();
    fs::set_permissions(&target, PermissionsExt::from_mode(0o644)).unwrap();
    let now = Cell::new(LATE.parse().unwrap());
    for leads_to in [&target, &folder.path().join("nowhere")] {
        symlink(leads_to, folder.path().join("log")).unwrap();

        let error = open(&folder, LogRotation::Never, 7, &now).err().unwrap();

        assert_eq!(error.to_string(), "it is no regular file");
        fs::remove_file(folder.path().join("log")).unwrap();
    }
    assert_eq!(fs::read_to_string(&target).unwrap(), "another's");
    let mode = fs::metadata(&target).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
    assert_eq!(names_in(&folder), ["target"]);
}

#[test]
fn the_oldest_files_go_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let others = [
        "log.2020-01-01-00",
        "log.2020-01-01.gz",
        "log.bak",
        "logs.2020-01-01",
        "log.2020-1-1",
    ];
    for name in others
        .iter()
        .chain(&["log.2026-11-20", "log.2026-11-21", "log.2026-11-22"])
    {
        fs::write(folder.path().join(name), "old").unwrap();
    }
    fs::create_dir(folder.path().join("log.2020-01-01")).unwrap();
    let now = Cell::new(LATE.parse().unwrap());

    let mut log = open(&folder, LogRotation::Daily, 3, &now).unwrap();

    let mut expected = vec![
        "log.2020-01-01",
        "log.2026-11-21",
        "log.2026-11-22",
        "log.2026-11-23",
    ];
    expected.extend(others);
    expected.sort_unstable();
    assert_eq!(names_in(&folder), expected);
    now.set(now.get() + jiff::SignedDuration::from_secs(1));
    writeln!(log, "tomorrow").unwrap();
    let names = names_in(&folder);
    assert!(!names.contains(&"log.2026-11-21".to_owned()), "{names:?}");
    assert!(names.contains(&"log.2026-11-24".to_owned()), "{names:?}");
}

#[test]
fn a_clock_that_is_set_back_removes_no_file_in_use() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("log.2099-01-01"), "future").unwrap();
    let now = Cell::new(LATE.parse().unwrap());

    let mut log = open(&folder, LogRotation::Daily, 1, &now).unwrap();
    writeln!(log, "now").unwrap();

    assert_eq!(names_in(&folder), ["log.2026-11-23"]);
}

#[test]
fn what_is_there_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let now = Cell::new(LATE.parse().unwrap());
    for _ in 0..2 {
        let mut log = open(&folder, LogRotation::Daily, 1, &now).unwrap();
        writeln!(log, "a line").unwrap();
    }

    let text = fs::read_to_string(folder.path().join("log.2026-11-23")).unwrap();
    assert_eq!(text, "a line\na line\n");
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_file_and_folder() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/log");
    let settings = || Rotating {
        path: path.clone(),
        rotation: LogRotation::Never,
        keep: NonZeroUsize::MIN,
    };
    drop(LogFile::open(settings(), Timestamp::now).unwrap());
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));

    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    drop(LogFile::open(settings(), Timestamp::now).unwrap());

    assert_eq!(mode(&path), 0o600);
}

#[test]
fn what_is_no_file_is_not_written_to() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("log")).unwrap();
    let now = Cell::new(LATE.parse().unwrap());

    let error = open(&folder, LogRotation::Never, 1, &now).err().unwrap();

    assert_eq!(error.to_string(), "it is no regular file");
}

fn open(
    folder: &TempDir,
    rotation: LogRotation,
    keep: usize,
    now: &Cell<Timestamp>,
) -> io::Result<LogFile<impl Fn() -> Timestamp>> {
    let settings = Rotating {
        path: folder.path().join("log"),
        rotation,
        keep: NonZeroUsize::new(keep).unwrap(),
    };
    LogFile::open(settings, || now.get())
}

fn names_in(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names
}
