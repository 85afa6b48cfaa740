//! Sources, and the order in which they are read.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::draft::{Draft, Source, is_blank};
use super::file::{self, CONFIG_VARIABLE};
use super::key::keys;
use super::{Config, ConfigError, Place, Problem, suggest};

/// What the variables of this project begin with; other projects have some too.
const PREFIX: &str = "TOYOTA_";
/// Whoever has more slips in the names of variables learns of the first.
const MAX_WARNINGS: usize = 20;

/// Says where settings are read from; made by [`Config::loader`].
///
/// Without further ado that is what [`Config::load`] reads.
///
/// ```
/// use toyota_client::Config;
///
/// let config = Config::loader()
///     .without_files()
///     .variables([("TOYOTA_CACHE_TTL", "60")])
///     .load()?;
///
/// assert_eq!(config.cache.ttl.as_secs(), 60);
/// # Ok::<_, toyota_client::ConfigError>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct ConfigLoader {
    files: Files,
    variables: Option<Variables>,
    takes: fn(&str) -> bool,
}

#[derive(Clone, Debug)]
enum Files {
    /// The one that `TOYOTA_CONFIG` names, or that in the platform's folder.
    Platform,
    /// The one that `TOYOTA_CONFIG` names, or that in this folder.
    In(PathBuf),
    This(PathBuf),
    None,
}

type Variables = BTreeMap<String, OsString>;

impl ConfigLoader {
    pub(super) fn new() -> Self {
        Self {
            files: Files::Platform,
            variables: None,
            takes: |_| true,
        }
    }

    /// Reads this file, wherever another one may be.
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.files = Files::This(path.into());
        self
    }

    /// Looks for the file in this folder instead of the platform's. One that `TOYOTA_CONFIG` names
    /// comes first.
    pub fn folder(mut self, path: impl Into<PathBuf>) -> Self {
        self.files = Files::In(path.into());
        self
    }

    /// Reads no file.
    pub fn without_files(mut self) -> Self {
        self.files = Files::None;
        self
    }

    /// Reads these variables instead of the environment's.
    pub fn variables<N, V>(mut self, variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<OsString>,
    {
        let variables = variables.into_iter();
        let variables = variables.map(|(name, value)| (name.into(), value.into()));
        self.variables = Some(ours(variables));
        self
    }

    /// Reads no variable.
    pub fn without_variables(mut self) -> Self {
        self.variables = Some(Variables::new());
        self
    }

    /// Takes only the keys that this tells by their paths. The others are left as they are, also
    /// those with a value that is not allowed.
    pub fn only(mut self, takes: fn(&str) -> bool) -> Self {
        self.takes = takes;
        self
    }

    /// Returns the file that it would read, whatever is in it.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when there are several in the folder.
    pub fn path(self) -> Result<Option<PathBuf>, ConfigError> {
        let variables = self.variables.unwrap_or_else(of_environment);
        let named = variables.get(CONFIG_VARIABLE).map(OsString::as_os_str);
        self.files.choose(named).map_err(ConfigError::of)
    }

    /// Reads it all: first the file, then the variables, which win.
    ///
    /// Blocks while the file is read.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with everything that is wrong.
    pub fn load(self) -> Result<Config, ConfigError> {
        let variables = self.variables.unwrap_or_else(of_environment);
        let read = |name: &str| variables.get(name).map(OsString::as_os_str);
        let mut draft = Draft::of(Config::new()).taking(self.takes);
        match self.files.choose(read(CONFIG_VARIABLE)) {
            Ok(Some(path)) => read_file(&mut draft, path),
            Ok(None) => {}
            Err(problem) => draft.add(problem),
        }
        draft.read_variables(read);
        let slips = variables.keys().filter_map(|name| slip(name));
        slips.take(MAX_WARNINGS).for_each(|slip| draft.warn(slip));
        draft.finish()
    }
}

impl Files {
    fn choose(self, named: Option<&OsStr>) -> Result<Option<PathBuf>, Problem> {
        let is_set = |path: &&OsStr| !path.to_str().is_some_and(is_blank);
        let named = named.filter(is_set).map(PathBuf::from);
        let folder = match (self, named) {
            (Self::This(path), _) | (Self::Platform | Self::In(_), Some(path)) => {
                return Ok(Some(path));
            }
            (Self::None, _) => return Ok(None),
            (Self::In(folder), None) => Some(folder),
            (Self::Platform, None) => file::platform_folder(),
        };
        folder.map_or(Ok(None), |folder| file::find_in(&folder))
    }
}

fn read_file(draft: &mut Draft, path: PathBuf) {
    let path = Arc::from(path);
    let document = match file::read(&path) {
        Ok(document) => document,
        Err(problem) => return draft.add(problem),
    };
    let source = Source::File(Arc::clone(&path));
    draft.read_tree(&document.root, &source);
    if document.is_open_to_others
        && let Some(key) = draft.secret_of_file()
    {
        let message = format!("holds {} and can be read by others: chmod 600", key.path());
        draft.warn(Problem::whole(Place::File { path, at: None }, message));
    }
}

/// Returns a warning of a variable that is nearly one of ours: it sets nothing.
fn slip(name: &str) -> Option<Problem> {
    if name == CONFIG_VARIABLE || keys().any(|key| key.variable() == name) {
        return None;
    }
    let meant = suggest::variable(name)?;
    Some(Problem::unknown_variable(name, meant.to_owned()))
}

fn of_environment() -> Variables {
    let variables = std::env::vars_os();
    // Windows looks names up in any case.
    let name = |name: String| match cfg!(windows) {
        true => name.to_ascii_uppercase(),
        false => name,
    };
    ours(variables.filter_map(|(key, value)| Some((name(key.into_string().ok()?), value))))
}

/// What else there is may be secret, and is left alone.
fn ours(variables: impl Iterator<Item = (String, OsString)>) -> Variables {
    variables
        .filter(|(name, _)| name.starts_with(PREFIX))
        .collect()
}

/// Shows the names of variables only.
impl fmt::Debug for ConfigLoader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self
            .variables
            .as_ref()
            .map(|it| it.keys().collect::<Vec<_>>());
        f.debug_struct("ConfigLoader")
            .field("files", &self.files)
            .field("variables", &names)
            .finish_non_exhaustive()
    }
}
