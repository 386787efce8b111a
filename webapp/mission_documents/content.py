"""Which documents there are of a mission; the name of each stands in addresses and file names."""

from webapp.core.words.translation import LabelledEnum, _


class DocumentKind(LabelledEnum):
    """What a document is."""

    TERMS = "terms-of-reference", _("Terms of reference")
    NOMINATION = "nomination-letter", _("Letter that asks for the release")
    BRIEFING = "briefing-pack", _("Briefing pack")
    CERTIFICATE = "certificate", _("Certificate of service")
    THANKS_EXPERT = "thanks-to-expert", _("Letter of thanks to the expert")
    THANKS_AUTHORITY = "thanks-to-authority", _("Letter of thanks to the authority")
