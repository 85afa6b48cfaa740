//! The two realms of the login host.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Realm {
    /// Toyota and Lexus.
    Tme,
    AllianceSubaru,
}

impl Realm {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Tme, Self::AllianceSubaru]
            .into_iter()
            .find(|realm| realm.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tme => "tme",
            Self::AllianceSubaru => "alliance-subaru",
        }
    }

    /// Returns the realm as login answers and tokens name it.
    pub(crate) fn path(self) -> String {
        format!("/{}", self.name())
    }

    pub(crate) fn redirect_uri(self) -> &'static str {
        match self {
            Self::Tme => "com.toyota.oneapp:/oauth2Callback",
            Self::AllianceSubaru => "com.subaru.oneapp:/oauth2Callback",
        }
    }

    pub(crate) fn issuer(self, base_url: &str) -> String {
        format!("{base_url}/oauth2/realms/root/realms/{}", self.name())
    }
}
