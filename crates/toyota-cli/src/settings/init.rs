//! A file to begin with.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::json;
use toyota_client::Config;
use toyota_client::config::{platform_folder, template};

use crate::failure::Failure;
use crate::show::{self, Show};

/// Writes the template to this path, to stdout (`-`), or where the platform keeps settings. What is
/// there already stays as it is.
pub(crate) fn init(path: Option<&Path>, show: Show) -> Result<(), Failure> {
    let template = template();
    if path == Some(Path::new("-")) {
        return show::print(template.trim_end());
    }
    let path = match path {
        Some(path) if path.extension().is_some_and(|it| it == "toml") => path.to_owned(),
        Some(path) => {
            let path = path.display();
            return Err(Failure::usage(format!("{path} does not end in .toml")));
        }
        None => of_platform()?,
    };
    write(&path, &template)?;
    if show.is_json() {
        return show::print_json(&json!({ "written": path.to_string_lossy() }));
    }
    let path = path.display();
    show::print(&format!(
        "{path} has every key now, commented out; only you can read it."
    ))
}

/// Returns the place of the file, and makes its folder.
fn of_platform() -> Result<PathBuf, Failure> {
    let none = || Failure::usage("there is no home folder to keep settings in: give a PATH");
    let folder = platform_folder().ok_or_else(none)?;
    let loader = Config::loader().without_variables();
    if let Some(other) = loader.path().map_err(|error| Failure::settings(&error))? {
        return Err(exists(&other));
    }
    fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
    Ok(folder.join("config.toml"))
}

fn write(path: &Path, content: &str) -> Result<(), Failure> {
    let mut file = create(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => exists(path),
        _ => unwritable(path, &error),
    })?;
    file.write_all(content.as_bytes()).map_err(|error| {
        // Half a file would stand in the way of the next try.
        drop(fs::remove_file(path));
        unwritable(path, &error)
    })
}

/// Creates a file that was not there and that its owner alone can read: a password may follow.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn exists(path: &Path) -> Failure {
    let path = path.display();
    Failure::usage(format!("{path} is there already, and stays as it is"))
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    Failure::usage(format!("{path} cannot be written: {error}"))
}
