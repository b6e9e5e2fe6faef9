//! Everything that a connection, an HTTP reply or a document can do wrong, by name.

use super::document::Action;

/// What the tool must make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// It is a good reply in an odd dress.
    Believed,
    /// It tells nothing about the packet.
    Doubted,
    /// A reply that is good or lost: whichever, the packet is settled.
    Either,
    /// WeChat Pay seems to know the number under other parameters: only a person may go on.
    LeftToAPerson,
}

/// One way in which the answer to one request goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    // The connection.
    ResetDuringTheRequest,
    ResetAfterTheRequest,
    ClosedWithoutAReply,
    CutWithoutAReply,
    HalfClosedWithoutAReply,
    HalfClosedInTheReply,
    HalfClosedAfterTheReply,
    ResetInTheReply,
    NoTlsInTheReply,
    ClosedAfterTheReply,
    ResetAfterTheReply,
    ASecondReply,
    Silence,
    OneByteASecond,
    // The length.
    LengthTooLong,
    LengthTooLongAndSilence,
    LengthTooShort,
    TwoLengths,
    LengthNegative,
    LengthNoNumber,
    NoLength,
    AtTheCap,
    OverTheCap,
    GibibyteAnnounced,
    GibibyteInChunks,
    GibibyteUntilClosed,
    // The status: a page of HTML, or the words of a reply, in a frame that is not one.
    Html(u16),
    Worded(u16),
    InformedFirst(u16),
    InformedOnly(u16),
    // Chunks.
    ChunksOfOneByte,
    ChunkExtensions,
    ChunkTrailers,
    ChunkedWithALength,
    ChunkSizeNoNumber,
    ChunkSizeTooLarge,
    ChunkCutShort,
    ChunkWithoutItsEnd,
    NoLastChunk,
    UnknownTransferCoding,
    Gzip,
    // The head.
    Http10,
    NoReason,
    OnlyLineFeeds,
    Http2,
    NoHead,
    NoHttp,
    TooManyHeaders,
    HeaderTooLong,
    NulInAHeader,
    // The document.
    EmptyBody,
    Page,
    Json,
    ByteOrderMark,
    Utf16,
    Gbk,
    GbkUndeclared,
    SplitCdata,
    Comments,
    AFieldTwice,
    TheNumberTwice,
    UnknownFields,
    DocumentType,
    ExternalEntity,
    EntityBomb,
    ProcessingInstruction,
    DeepNesting,
    DeepNestingBelowTheCap,
    ControlCharacter,
    TwoRoots,
    TextBehindTheRoot,
    AnotherRoot,
    // What it says.
    NoSign,
    EmptySign,
    RightSign,
    WrongSign,
    SignOfOtherFields,
    AnotherNumber,
    AnotherOpenid,
    AnotherAmount,
    AnotherMerchant,
    NoEcho,
    UnknownCode,
    /// Only so many bytes of the reply; see [`Cut`].
    CutAt(usize, Cut),
}

/// How a reply is cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The whole HTTP reply, and then the connection closes properly.
    Closed,
    /// The whole HTTP reply, and then it is reset.
    Reset,
    /// The document, in a reply whose length fits what is left of it.
    Fitting,
    /// The document, in a reply that ends with the connection.
    UntilClosed,
}

impl Cut {
    pub(crate) const ALL: [Cut; 4] = [Cut::Closed, Cut::Reset, Cut::Fitting, Cut::UntilClosed];
}

use Fault as F;

impl Fault {
    /// All but the cuts, which are as many as a reply has bytes.
    #[rustfmt::skip]
    pub(crate) const ALL: &[Fault] = &[
        F::ResetDuringTheRequest, F::ResetAfterTheRequest, F::ClosedWithoutAReply,
        F::CutWithoutAReply, F::HalfClosedWithoutAReply, F::HalfClosedInTheReply,
        F::HalfClosedAfterTheReply, F::ResetInTheReply, F::NoTlsInTheReply,
        F::ClosedAfterTheReply, F::ResetAfterTheReply, F::ASecondReply,
        F::Silence, F::OneByteASecond,
        F::LengthTooLong, F::LengthTooLongAndSilence, F::LengthTooShort, F::TwoLengths,
        F::LengthNegative, F::LengthNoNumber, F::NoLength, F::AtTheCap, F::OverTheCap,
        F::GibibyteAnnounced, F::GibibyteInChunks, F::GibibyteUntilClosed,
        F::Html(101), F::Html(201), F::Html(202), F::Html(204), F::Html(206), F::Html(226),
        F::Html(300), F::Html(301), F::Html(302), F::Html(303), F::Html(304), F::Html(307),
        F::Html(308),
        F::Html(400), F::Html(401), F::Html(403), F::Html(404), F::Html(405), F::Html(407),
        F::Html(408), F::Html(413), F::Html(418), F::Html(429), F::Html(451), F::Html(495),
        F::Html(496),
        F::Html(500), F::Html(501), F::Html(502), F::Html(503), F::Html(504), F::Html(520),
        F::Html(599), F::Html(999),
        F::Worded(201), F::Worded(206), F::Worded(302), F::Worded(404), F::Worded(500),
        F::Worded(502),
        F::InformedFirst(100), F::InformedFirst(102), F::InformedFirst(103),
        F::InformedOnly(100), F::InformedOnly(103),
        F::ChunksOfOneByte, F::ChunkExtensions, F::ChunkTrailers, F::ChunkedWithALength,
        F::ChunkSizeNoNumber, F::ChunkSizeTooLarge, F::ChunkCutShort, F::ChunkWithoutItsEnd,
        F::NoLastChunk, F::UnknownTransferCoding, F::Gzip,
        F::Http10, F::NoReason, F::OnlyLineFeeds, F::Http2, F::NoHead, F::NoHttp,
        F::TooManyHeaders, F::HeaderTooLong, F::NulInAHeader,
        F::EmptyBody, F::Page, F::Json, F::ByteOrderMark, F::Utf16, F::Gbk, F::GbkUndeclared,
        F::SplitCdata, F::Comments, F::AFieldTwice, F::TheNumberTwice, F::UnknownFields,
        F::DocumentType, F::ExternalEntity, F::EntityBomb, F::ProcessingInstruction,
        F::DeepNesting, F::DeepNestingBelowTheCap, F::ControlCharacter, F::TwoRoots,
        F::TextBehindTheRoot, F::AnotherRoot,
        F::NoSign, F::EmptySign, F::RightSign, F::WrongSign, F::SignOfOtherFields,
        F::AnotherNumber, F::AnotherOpenid, F::AnotherAmount, F::AnotherMerchant, F::NoEcho,
        F::UnknownCode,
    ];

    pub(crate) fn expected(self, action: Action) -> Expected {
        match self {
            F::HalfClosedAfterTheReply
            | F::NoLength
            | F::AtTheCap
            | F::InformedFirst(_)
            | F::ChunksOfOneByte
            | F::ChunkExtensions
            | F::ChunkTrailers
            | F::Http10
            | F::NoReason
            | F::ByteOrderMark
            | F::SplitCdata
            | F::Comments
            | F::UnknownFields
            | F::NoSign
            | F::EmptySign
            | F::RightSign => Expected::Believed,
            F::ClosedAfterTheReply
            | F::ResetAfterTheReply
            | F::ASecondReply
            | F::ChunkedWithALength
            | F::OnlyLineFeeds => Expected::Either,
            F::AnotherOpenid | F::AnotherAmount if action == Action::Query => {
                Expected::LeftToAPerson
            }
            _ => Expected::Doubted,
        }
    }

    /// Whether the document is the opposite of the truth, so that whoever believes it reports a
    /// packet paid that was not, or refused that was paid.
    pub(crate) fn lies(self, action: Action) -> bool {
        let is_doubted = self.expected(action) == Expected::Doubted;
        // A refusal need not name its bill, and a code that is not known cannot be turned.
        is_doubted && !matches!(self, F::NoEcho | F::UnknownCode)
    }

    /// Whether the connection ends when the next request may be on its way in it already.
    pub(crate) fn may_lose_the_next_request(self) -> bool {
        matches!(
            self,
            F::HalfClosedAfterTheReply | F::ClosedAfterTheReply | F::ResetAfterTheReply
        )
    }

    /// Whether the client has to wait for its time limit.
    pub(crate) fn is_slow(self) -> bool {
        matches!(
            self,
            F::Silence | F::OneByteASecond | F::LengthTooLongAndSilence | F::InformedOnly(100)
        )
    }

    /// Whether three of them in a row speak of the merchant's set-up.
    pub(crate) fn halts(self) -> bool {
        matches!(self, F::Html(400 | 401 | 403 | 495 | 496))
    }
}
