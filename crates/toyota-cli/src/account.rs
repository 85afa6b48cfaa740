//! Who signs in, what has to be asked of them, and what is remembered.

use secrecy::SecretString;
use toyota_client::auth::{Credential, CredentialKey, Persist, Principal, issuer, principal};
use toyota_client::metrics::{Measured, measured};
use toyota_client::{Credentials, Error, HttpService, Login, PendingLogin, SignIn};

use crate::failure::Failure;
use crate::logging::Secrets;
use crate::prompt::{ask, ask_secret};
use crate::show;
use crate::spinner::Spinner;
use crate::store::Store;
use crate::target::{Client, Target};

/// A code is tried this often before the program gives up.
const MAX_CODES: usize = 3;

/// Returns a client for an account that is signed in: by what is stored, or anew.
pub(crate) async fn signed_in(target: &Target) -> Result<Client, Failure> {
    let Some(store) = &target.store else {
        let credentials = simulated_owner(target)?;
        let credential = sign_in(target, &credentials).await?;
        return holding(target, &credentials, credential).await;
    };
    if let Some(credentials) = remembered(target, store).await? {
        return target.client(credentials, Some(store));
    }
    let credentials = owner(target)?;
    let credential = sign_in(target, &credentials).await?;
    match remember(target, store, &credentials, &credential).await {
        Ok(client) => Ok(client),
        Err(failure) => {
            show::note(&format!("the sign-in is not remembered\n{failure}"));
            holding(target, &credentials, credential).await
        }
    }
}

/// Returns a client that has this credential for as long as it lives.
async fn holding(
    target: &Target,
    credentials: &Credentials,
    credential: Credential,
) -> Result<Client, Failure> {
    let client = target.client(credentials.clone(), None)?;
    let provider = client.provider();
    let set = provider.set(&principal(credentials), credential).await;
    set.map_err(Failure::internal)?;
    Ok(client)
}

/// Signs in anew, and stores the token where there is a store.
pub(crate) async fn log_in(target: &Target) -> Result<Credential, Failure> {
    let Some(store) = &target.store else {
        return sign_in(target, &simulated_owner(target)?).await;
    };
    let credentials = owner(target)?;
    // A password login, and a code, are not spent on what could not be stored.
    store.check(&key(target, &principal(&credentials))).await?;
    let credential = sign_in(target, &credentials).await?;
    remember(target, store, &credentials, &credential).await?;
    Ok(credential)
}

/// What a logout has removed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LoggedOut {
    pub(crate) was_signed_in: bool,
    /// How many answers.
    pub(crate) answers: u64,
}

/// Removes what is stored: the token, and then what was answered by it.
pub(crate) async fn log_out(target: &Target) -> Result<LoggedOut, Failure> {
    let Some(store) = &target.store else {
        return Ok(LoggedOut::default());
    };
    let user = match &target.config.auth.username {
        Some(username) => Credentials::of_user(username).map_err(Failure::usage)?,
        None => match store.only_principal(&target.config).await? {
            Some(user) => Credentials::of_user(user.id()).map_err(Failure::usage)?,
            None => return Ok(LoggedOut::default()),
        },
    };
    let user_principal = principal(&user);
    // What cannot be read is there all the same.
    let was_signed_in = !matches!(load(target, store, &user_principal).await, Ok(None));
    let client = target.client(user, Some(store))?;
    let logged_out = client.provider().logout(&user_principal).await;
    let forgotten = client.forget_answers().await;
    let failed = |happened, error| Failure::store(happened, error, &target.config.cache);
    match (logged_out, forgotten) {
        (Ok(_), Ok(answers)) => Ok(LoggedOut {
            was_signed_in,
            answers,
        }),
        (Ok(_), Err(error)) => {
            let happened = "the token is removed, but what was answered may still be stored";
            Err(failed(happened, &error))
        }
        (Err(error), forgotten) => {
            if let Err(error) = forgotten {
                let happened = "what was answered may still be stored";
                show::note(&failed(happened, &error).to_string());
            }
            Err(store.failed(error))
        }
    }
}

/// Returns the credentials of an account whose token is stored.
async fn remembered(target: &Target, store: &Store) -> Result<Option<Credentials>, Failure> {
    let auth = &target.config.auth;
    let user = match &auth.username {
        Some(username) => match auth.password.clone() {
            Some(password) => Credentials::new(username, password),
            None => Credentials::of_user(username),
        },
        None => match store.only_principal(&target.config).await? {
            Some(user) => Credentials::of_user(user.id()),
            None => return Ok(None),
        },
    };
    let user = user.map_err(Failure::usage)?;
    let stored = load(target, store, &principal(&user)).await?;
    Ok(stored.map(|_| user))
}

async fn load(
    target: &Target,
    store: &Store,
    user: &Principal,
) -> Result<Option<Credential>, Failure> {
    let stored = store.files.load(&key(target, user)).await;
    stored.map_err(|error| store.failed(error.into()))
}

fn key(target: &Target, user: &Principal) -> CredentialKey {
    CredentialKey::new(&issuer(&target.config), user)
}

async fn remember(
    target: &Target,
    store: &Store,
    credentials: &Credentials,
    credential: &Credential,
) -> Result<Client, Failure> {
    let client = target.client(credentials.clone(), Some(store))?;
    let provider = client.provider();
    let set = provider
        .set(&principal(credentials), credential.clone())
        .await;
    set.map_err(|error| store.failed(error))?;
    Ok(client)
}

fn simulated_owner(target: &Target) -> Result<Credentials, Failure> {
    let owner = target.simulated_owner();
    let (username, password) = owner.ok_or_else(|| Failure::internal("nobody to sign in"))?;
    Credentials::new(username, password).map_err(Failure::usage)
}

/// The account's owner: from the settings, or asked for.
fn owner(target: &Target) -> Result<Credentials, Failure> {
    let auth = &target.config.auth;
    let username = match &auth.username {
        Some(username) => username.clone(),
        None => ask("User name (mail address)", "TOYOTA_USERNAME")?,
    };
    let password = match &auth.password {
        Some(password) => password.clone(),
        None => ask_secret("Password", "TOYOTA_PASSWORD", &target.secrets)?,
    };
    Credentials::new(username, password).map_err(Failure::usage)
}

/// Signs in, and asks for a one-time code if the login host does.
async fn sign_in(target: &Target, credentials: &Credentials) -> Result<Credential, Failure> {
    let transport = target.transport.clone();
    match &target.registry {
        Some(registry) => {
            let transport: Measured<_> = measured(transport, registry);
            sign_in_over(transport, target, credentials).await
        }
        None => sign_in_over(transport, target, credentials).await,
    }
}

async fn sign_in_over(
    transport: impl HttpService,
    target: &Target,
    credentials: &Credentials,
) -> Result<Credential, Failure> {
    let login = Login::new(transport, &target.config).map_err(Failure::usage)?;
    let failed = |error| target.failed(&Error::from(error));
    let signing_in = Spinner::start("signing in");
    let mut step = login.sign_in(credentials).await.map_err(failed)?;
    drop(signing_in);
    for _ in 0..MAX_CODES {
        let pending = match step {
            SignIn::Complete(credential) => return Ok(credential),
            SignIn::CodeRequired(pending) => pending,
        };
        let code = ask_code(&pending, &target.secrets)?;
        let _signing_in = Spinner::start("signing in");
        step = login.resume(pending, code).await.map_err(failed)?;
    }
    match step {
        SignIn::Complete(credential) => Ok(credential),
        SignIn::CodeRequired(_) => Err(Failure::usage("the login host asks for code after code")),
    }
}

fn ask_code(pending: &PendingLogin, secrets: &Secrets) -> Result<SecretString, Failure> {
    ask_secret(pending.prompt(), "an interactive terminal", secrets)
}
