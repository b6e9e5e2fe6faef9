//! The names under which systemd and Kubernetes give a campaign its secrets: those of the files,
//! without their folders.

use std::path::Path;

use super::SecretSources;
use crate::config::campaign::Campaign;
use crate::config::error::ConfigError;
use crate::words::{Words, config as words};

impl Campaign {
    /// Every secret that is read live, by the name of its credential, each once.
    #[must_use]
    pub fn credentials(&self) -> Vec<(String, &Path)> {
        let merchant = &self.merchant;
        let proxy = self.gateway.proxy.as_ref();
        let targets = self.notify.targets.iter();
        let told = targets.flat_map(|it| [Some(&it.url_file), it.secret_file.as_ref()]);
        let named = [merchant.cert_file.as_ref(), merchant.key_file.as_ref()];
        let named = named
            .into_iter()
            .chain([proxy.and_then(|it| it.auth_file.as_ref())])
            .chain(told)
            .flatten();
        let name = |path: &Path| {
            path.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        let api_key = merchant.api_key_file.as_deref();
        let api_key = api_key.map(|path| ("api_key".to_owned(), path));
        let mut all: Vec<(String, &Path)> = api_key.into_iter().collect();
        for path in named {
            let one = (name(path), path.as_path());
            if !all.contains(&one) {
                all.push(one);
            }
        }
        all
    }

    /// Refuses two secrets of one name where they are given by name.
    ///
    /// # Errors
    /// With both.
    pub fn check_credentials(&self, sources: &SecretSources) -> Result<(), ConfigError> {
        let shared = self.shared_credential();
        match shared.filter(|_| sources.credentials.is_some()) {
            Some(why) => Err(ConfigError::Secrets { faults: vec![why] }),
            None => Ok(()),
        }
    }

    /// Two files that would be one credential: the second would be read as the first.
    #[must_use]
    pub fn shared_credential(&self) -> Option<Words> {
        let all = self.credentials();
        all.iter().enumerate().find_map(|(at, (name, path))| {
            let (_, other) = all[..at].iter().find(|(before, _)| before == name)?;
            Some(words::one_credential(
                other.display(),
                path.display(),
                name.as_str(),
            ))
        })
    }
}
