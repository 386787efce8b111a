"""first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = ("default",)
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""

    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("jurisdiction", sa.String(length=3), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_event_hash")),
    )
    op.create_index(op.f("ix_audit_event_actor_id"), "audit_event", ["actor_id"], unique=False)
    op.create_index(op.f("ix_audit_event_request_id"), "audit_event", ["request_id"], unique=False)
    op.create_index(
        op.f("ix_audit_event_subject_subject_id"),
        "audit_event",
        ["subject", "subject_id"],
        unique=False,
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "name",
            sa.Enum(
                "requester",
                "expert",
                "nominating authority",
                "coordinator",
                "administrator",
                name="role_name",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "roster_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_roster_revision_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_revision")),
    )
    op.create_table(
        "theme",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_theme")),
        sa.UniqueConstraint("label", name=op.f("uq_theme_label")),
        sa.UniqueConstraint("position", name=op.f("uq_theme_position")),
    )
    op.create_table(
        "account_role",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_account_role_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["role.id"], name=op.f("fk_account_role_role_id_role"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("account_id", "role_id", name=op.f("pk_account_role")),
    )
    op.create_table(
        "expert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "nominated",
                "screening",
                "active",
                "dormant",
                "suspended",
                "withdrawn",
                "expired",
                "erased",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "gender",
            sa.Enum(
                "female",
                "male",
                "other",
                name="gender",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("jurisdiction", sa.String(length=3), nullable=True),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("rank", sa.String(length=100), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("max_days", sa.Integer(), nullable=True),
        sa.Column("notice_days", sa.Integer(), nullable=True),
        sa.Column("approved_until", sa.Date(), nullable=True),
        sa.Column("last_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "max_days IS NULL OR max_days BETWEEN 1 AND 730", name=op.f("ck_expert_max_days")
        ),
        sa.CheckConstraint(
            "notice_days IS NULL OR notice_days BETWEEN 0 AND 365", name=op.f("ck_expert_notice")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_expert_account_id_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert")),
        sa.UniqueConstraint("account_id", name=op.f("uq_expert_account_id")),
    )
    op.create_index(op.f("ix_expert_revision"), "expert", ["revision"], unique=False)
    op.create_table(
        "expertise_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "accepted",
                "matching",
                "proposed",
                "confirmed",
                "closed",
                "declined",
                "withdrawn",
                "unfilled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_token", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("objectives", sa.Text(), nullable=False),
        sa.Column("outputs", sa.Text(), nullable=False),
        sa.Column("tasks", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("expert_background", sa.Text(), nullable=False),
        sa.Column("existing", sa.Text(), nullable=False),
        sa.Column("costs", sa.Text(), nullable=False),
        sa.Column("security", sa.Text(), nullable=False),
        sa.Column(
            "help_kind",
            sa.Enum(
                "trainer",
                "adviser",
                "assessor",
                "speaker",
                "mentor",
                "remote support",
                "host of a study visit",
                name="help_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "urgency",
            sa.Enum(
                "normal",
                "soon",
                "urgent",
                name="urgency",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("focal_point", sa.String(length=200), nullable=False),
        sa.Column("jurisdiction", sa.String(length=3), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("flexibility", sa.String(length=200), nullable=False),
        sa.Column("experts_needed", sa.Integer(), nullable=False),
        sa.Column("interpretation", sa.Boolean(), nullable=False),
        sa.Column("tor_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "tor_version > 0 OR state NOT IN ('accepted', 'matching', 'proposed', 'confirmed', 'closed', 'unfilled')",
            name=op.f("ck_expertise_request_terms_accepted"),
        ),
        sa.CheckConstraint(
            "experts_needed BETWEEN 1 AND 20", name=op.f("ck_expertise_request_experts_needed")
        ),
        sa.CheckConstraint(
            'start IS NULL OR "end" IS NULL OR "end" >= start',
            name=op.f("ck_expertise_request_period"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (title <> '' AND start IS NOT NULL AND \"end\" IS NOT NULL)",
            name=op.f("ck_expertise_request_complete"),
        ),
        sa.ForeignKeyConstraint(
            ["requester_id"],
            ["account.id"],
            name=op.f("fk_expertise_request_requester_id_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expertise_request")),
        sa.UniqueConstraint(
            "requester_id",
            "form_token",
            name=op.f("uq_expertise_request_requester_id_form_token"),
        ),
    )
    op.create_index(
        op.f("ix_expertise_request_requester_id"),
        "expertise_request",
        ["requester_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_expertise_request_state"), "expertise_request", ["state"], unique=False
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_outbox_message_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_message_id")),
    )
    op.create_index(
        op.f("ix_outbox_message_account_id"), "outbox_message", ["account_id"], unique=False
    )
    op.create_index(
        "ix_outbox_message_due",
        "outbox_message",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "closed_jurisdiction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_closed_jurisdiction_expert_id_expert"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_jurisdiction")),
        sa.UniqueConstraint(
            "expert_id", "code", name=op.f("uq_closed_jurisdiction_expert_id_code")
        ),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mission",
                "training given",
                "law or procedure written",
                "project",
                "post held",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.String(length=3), nullable=True),
        sa.Column("started", sa.Date(), nullable=True),
        sa.Column("ended", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ended IS NULL OR started IS NULL OR ended >= started", name=op.f("ck_evidence_period")
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_evidence_expert_id_expert"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_expert_id"), "evidence", ["expert_id"], unique=False)
    op.create_table(
        "excluded_jurisdiction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["expertise_request.id"],
            name=op.f("fk_excluded_jurisdiction_request_id_expertise_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excluded_jurisdiction")),
        sa.UniqueConstraint(
            "request_id", "code", name=op.f("uq_excluded_jurisdiction_request_id_code")
        ),
    )
    op.create_table(
        "expert_theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("theme_code", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.CheckConstraint("priority IN (1, 2, 3, 9)", name=op.f("ck_expert_theme_priority")),
        sa.CheckConstraint(
            "years IS NULL OR years BETWEEN 0 AND 60", name=op.f("ck_expert_theme_years")
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_expert_theme_expert_id_expert"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_code"],
            ["theme.code"],
            name=op.f("fk_expert_theme_theme_code_theme"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_theme")),
        sa.UniqueConstraint(
            "expert_id", "theme_code", name=op.f("uq_expert_theme_expert_id_theme_code")
        ),
    )
    op.create_index(
        "uq_expert_theme_ranked",
        "expert_theme",
        ["expert_id", "priority"],
        unique=True,
        sqlite_where=sa.text("priority < 9"),
        postgresql_where=sa.text("priority < 9"),
    )
    op.create_table(
        "language_skill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "A1",
                "A2",
                "B1",
                "B2",
                "C1",
                "C2",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_language_skill_expert_id_expert"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_language_skill")),
        sa.UniqueConstraint(
            "expert_id", "language", name=op.f("uq_language_skill_expert_id_language")
        ),
    )
    op.create_table(
        "match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "shortlisted",
                "invited",
                "available",
                "declined",
                "release asked",
                "released",
                "refused",
                "approved",
                "proposed",
                "selected",
                "alternate",
                "not selected",
                "deployed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("ranked_among", sa.Integer(), nullable=False),
        sa.Column("roster_revision", sa.Integer(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "invited_at IS NOT NULL OR state IN ('shortlisted', 'cancelled')",
            name=op.f("ck_match_invited"),
        ),
        sa.CheckConstraint(
            "reason <> '' OR state NOT IN ('declined', 'refused', 'not selected', 'cancelled')",
            name=op.f("ck_match_ended_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_match_expert_id_expert"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["expertise_request.id"],
            name=op.f("fk_match_request_id_expertise_request"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match")),
        sa.UniqueConstraint("request_id", "expert_id", name=op.f("uq_match_request_id_expert_id")),
    )
    op.create_index(op.f("ix_match_expert_id_state"), "match", ["expert_id", "state"], unique=False)
    op.create_table(
        "request_theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("theme_code", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["expertise_request.id"],
            name=op.f("fk_request_theme_request_id_expertise_request"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_code"],
            ["theme.code"],
            name=op.f("fk_request_theme_theme_code_theme"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_theme")),
        sa.UniqueConstraint(
            "request_id", "position", name=op.f("uq_request_theme_request_id_position")
        ),
        sa.UniqueConstraint(
            "request_id", "theme_code", name=op.f("uq_request_theme_request_id_theme_code")
        ),
    )
    op.create_table(
        "required_language",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "A1",
                "A2",
                "B1",
                "B2",
                "C1",
                "C2",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["expertise_request.id"],
            name=op.f("fk_required_language_request_id_expertise_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_required_language")),
        sa.UniqueConstraint(
            "request_id", "language", name=op.f("uq_required_language_request_id_language")
        ),
    )
    op.create_table(
        "terms_of_reference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accepted_by"],
            ["account.id"],
            name=op.f("fk_terms_of_reference_accepted_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["expertise_request.id"],
            name=op.f("fk_terms_of_reference_request_id_expertise_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_of_reference")),
        sa.UniqueConstraint(
            "request_id", "version", name=op.f("uq_terms_of_reference_request_id_version")
        ),
    )
    op.create_table(
        "training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_training_expert_id_expert"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    op.create_index(op.f("ix_training_expert_id"), "training", ["expert_id"], unique=False)
    op.create_table(
        "unavailable_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.CheckConstraint('"end" >= start', name=op.f("ck_unavailable_period_period")),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_unavailable_period_expert_id_expert"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unavailable_period")),
    )
    op.create_index(
        op.f("ix_unavailable_period_expert_id"), "unavailable_period", ["expert_id"], unique=False
    )
    op.create_table(
        "booked_day",
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_booked_day_expert_id_expert"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["match_id"],
            ["match.id"],
            name=op.f("fk_booked_day_match_id_match"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("expert_id", "day", name=op.f("pk_booked_day")),
    )
    op.create_index(op.f("ix_booked_day_match_id"), "booked_day", ["match_id"], unique=False)
    op.create_table(
        "deployment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "deployed",
                "returned",
                "reported",
                "followed up",
                "cancelled",
                "curtailed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("tor_version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reason <> '' OR state NOT IN ('cancelled', 'curtailed')",
            name=op.f("ck_deployment_ended_with_reason"),
        ),
        sa.CheckConstraint('"end" >= start', name=op.f("ck_deployment_period")),
        sa.ForeignKeyConstraint(
            ["match_id"],
            ["match.id"],
            name=op.f("fk_deployment_match_id_match"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
        sa.UniqueConstraint("match_id", name=op.f("uq_deployment_match_id")),
    )
    op.create_index(op.f("ix_deployment_start"), "deployment", ["start"], unique=False)

    op.bulk_insert(
        sa.table("audit_head", sa.column("id"), sa.column("event_id"), sa.column("hash")),
        [{"id": 1, "event_id": 0, "hash": "0" * 64}],
    )
    op.bulk_insert(
        sa.table("roster_revision", sa.column("id"), sa.column("value")), [{"id": 1, "value": 0}]
    )
    _guard_audit_log()


POSTGRESQL_GUARD = """
CREATE FUNCTION refuse_change_of_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END;
$$
"""


def _guard_audit_log() -> None:
    """Refuse any change to a written event, whoever asks."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_GUARD)
        op.execute(
            "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE"
            " ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_event()"
        )
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_event_no_{action.lower()} BEFORE {action} ON audit_event"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_event_append_only ON audit_event")
        op.execute("DROP FUNCTION refuse_change_of_audit_event()")

    op.drop_index(op.f("ix_deployment_start"), table_name="deployment")
    op.drop_table("deployment")
    op.drop_index(op.f("ix_booked_day_match_id"), table_name="booked_day")
    op.drop_table("booked_day")
    op.drop_index(op.f("ix_unavailable_period_expert_id"), table_name="unavailable_period")
    op.drop_table("unavailable_period")
    op.drop_index(op.f("ix_training_expert_id"), table_name="training")
    op.drop_table("training")
    op.drop_table("terms_of_reference")
    op.drop_table("required_language")
    op.drop_table("request_theme")
    op.drop_index(op.f("ix_match_expert_id_state"), table_name="match")
    op.drop_table("match")
    op.drop_table("language_skill")
    op.drop_index(
        "uq_expert_theme_ranked",
        table_name="expert_theme",
        sqlite_where=sa.text("priority < 9"),
        postgresql_where=sa.text("priority < 9"),
    )
    op.drop_table("expert_theme")
    op.drop_table("excluded_jurisdiction")
    op.drop_index(op.f("ix_evidence_expert_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_table("closed_jurisdiction")
    op.drop_index(
        "ix_outbox_message_due",
        table_name="outbox_message",
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.drop_index(op.f("ix_outbox_message_account_id"), table_name="outbox_message")
    op.drop_table("outbox_message")
    op.drop_index(op.f("ix_expertise_request_state"), table_name="expertise_request")
    op.drop_index(op.f("ix_expertise_request_requester_id"), table_name="expertise_request")
    op.drop_table("expertise_request")
    op.drop_index(op.f("ix_expert_revision"), table_name="expert")
    op.drop_table("expert")
    op.drop_table("account_role")
    op.drop_table("theme")
    op.drop_table("roster_revision")
    op.drop_table("role")
    op.drop_table("audit_head")
    op.drop_index(op.f("ix_audit_event_subject_subject_id"), table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_request_id"), table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_actor_id"), table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_table("account")
