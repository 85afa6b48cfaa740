//! Where tokens, and what is learnt of cars, outlive a command.

use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};
use tokio::time::timeout;
use toyota_client::auth::{CredentialKey, FileStore, Persist, Principal, issuer};
use toyota_client::{Config, Error, Memory};

use crate::failure::Failure;

/// Longer than another program takes to renew a token.
const PATIENCE: Duration = Duration::from_secs(60);

/// Beside the tokens, and of no use to anybody else either: it names no car and no account.
const MEMORY: &str = "cars.json";

/// The owner's folder of tokens.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub(crate) files: FileStore,
    /// By which routes cars are asked, and how often they were woken, by whichever run.
    pub(crate) memory: Memory,
    folder: PathBuf,
}

impl Store {
    /// As the settings say, or where the platform has a place for it.
    pub(crate) fn of(config: &Config) -> Result<Self, Failure> {
        let folder = match &config.auth.token_dir {
            Some(folder) => folder.clone(),
            None => of_platform()?,
        };
        Ok(Self {
            files: FileStore::new(&folder),
            memory: Memory::in_file(folder.join(MEMORY)),
            folder,
        })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns who has signed in, if that is one account and no other.
    pub(crate) async fn only_principal(
        &self,
        config: &Config,
    ) -> Result<Option<Principal>, Failure> {
        let principals = self.files.principals(&issuer(config)).await;
        let mut principals = principals.map_err(|error| self.failed(error.into()))?;
        match principals.len() {
            0 | 1 => Ok(principals.pop()),
            _ => Err(Failure::usage(
                "several accounts are signed in: set TOYOTA_USERNAME to the one that is meant",
            )),
        }
    }

    /// Fails if nothing could be stored under this key: something unreadable is there, or nothing
    /// can be written.
    pub(crate) async fn check(&self, key: &CredentialKey) -> Result<(), Failure> {
        let lock = timeout(PATIENCE, self.files.lock(key)).await;
        let lock = lock.map_err(|_| Failure::internal("another program holds the stored token"))?;
        drop(lock.map_err(|error| self.failed(error.into()))?);
        let stored = self.files.load(key).await;
        stored.map_err(|error| self.failed(error.into())).map(drop)
    }

    /// The store cannot be used.
    pub(crate) fn failed(&self, error: toyota_client::auth::AuthError) -> Failure {
        let tried = format!("the tokens in {}", self.folder.display());
        Failure::call(&Error::from(error), Some(tried))
    }
}

fn of_platform() -> Result<PathBuf, Failure> {
    let strategy = choose_app_strategy(AppStrategyArgs {
        top_level_domain: String::new(),
        author: String::new(),
        app_name: "toyota".to_owned(),
    });
    let strategy = strategy.map_err(|_| {
        Failure::usage("there is no home folder to store tokens in: set TOYOTA_TOKEN_DIR")
    })?;
    Ok(strategy.state_dir().unwrap_or_else(|| strategy.data_dir()))
}
