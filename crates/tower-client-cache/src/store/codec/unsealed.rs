//! What stands where encryption is left out of the build: of this there is none.

use super::CodecError;
use super::blob::SEALED_HEADER;

#[derive(Debug)]
pub(super) enum Seal {}

impl Seal {
    pub(super) fn close(
        &self,
        _bound: &[u8],
        _header: &mut [u8; SEALED_HEADER],
        _written: &mut [u8],
    ) -> Result<(), CodecError> {
        match *self {}
    }

    pub(super) fn open(
        &self,
        _bound: &[u8],
        _header: &[u8; SEALED_HEADER],
        _sealed: &[u8],
    ) -> Result<Vec<u8>, CodecError> {
        match *self {}
    }

    pub(super) fn digest(&self, _text: &[u8]) -> [u8; 32] {
        match *self {}
    }
}
