"""Persons and who they really are; how and where they are found."""

from django.contrib.postgres.indexes import GistIndex, OpClass
from django.db import models
from django.db.models.functions import Reverse

from medet.base.models import Uid
from medet.people.states import ConsentKind, Language, PhoneState, Sex, Whose
from medet.places.models import District, Organisation


class Household(Uid):
    """People who share a door and often a line."""

    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.uid)


class Person(Uid):
    """One record of a human being. `root` says who it really is: merge and unmerge change nothing else."""

    root = models.ForeignKey("self", models.PROTECT, related_name="records", help_text="Itself unless merged")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", help_text="Who registered")
    iin_cipher = models.BinaryField(null=True, help_text="IIN, AES-256-GCM")
    iin_hash = models.BinaryField(null=True, unique=True, help_text="Keyed hash of the IIN, for look-up")
    temporary_number = models.CharField(max_length=20, blank=True, help_text="For a person without an IIN")
    family_name = models.CharField(max_length=80)
    given_name = models.CharField(max_length=80)
    patronymic = models.CharField(max_length=80, blank=True)
    name_sort = models.CharField(max_length=300, help_text="Order key of the Kazakh alphabet")
    family_fold = models.CharField(max_length=80, help_text="Folded for search")
    given_fold = models.CharField(max_length=80, help_text="Folded for search")
    patronymic_fold = models.CharField(max_length=80, blank=True, help_text="Folded for search")
    birth_date = models.DateField(null=True, help_text="Not derived from the IIN (domain §3)")
    sex = models.CharField(max_length=8, choices=Sex.choices, default=Sex.UNKNOWN)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.RU)
    household = models.ForeignKey(Household, models.SET_NULL, null=True, blank=True, related_name="members")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(iin_hash__isnull=False) | ~models.Q(temporary_number=""),
                name="person_has_a_number",
            ),
            models.CheckConstraint(
                condition=models.Q(iin_cipher__isnull=True, iin_hash__isnull=True)
                | models.Q(iin_cipher__isnull=False, iin_hash__isnull=False),
                name="person_iin_cipher_and_hash",
            ),
        ]
        # Who may see the person stands in the index too: the many of one common name are not fetched to be left out.
        indexes = [
            models.Index(
                fields=["family_fold", "given_fold", "birth_date"],
                name="person_by_name",
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops", "date_ops"],
                include=["organisation", "root"],
            ),
            models.Index(
                fields=["given_fold", "patronymic_fold", "birth_date"],
                name="person_by_given",
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops", "date_ops"],
                include=["organisation", "root"],
            ),
            models.Index(fields=["birth_date", "family_fold"], name="person_by_birth"),
            # Who has several records: the few second ones, by themselves and by who they really are.
            models.Index(fields=["root"], condition=~models.Q(root=models.F("id")), name="person_merged_into"),
            models.Index(fields=["id"], condition=~models.Q(root=models.F("id")), name="person_merged"),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def full_name(self) -> str:
        """Family name, given name, patronymic."""
        return " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)


class KnownName(models.Model):
    """One folded name that somebody bears: where a mistyped one finds its neighbours (platform §5)."""

    fold = models.CharField(max_length=80, primary_key=True, db_collation="C", help_text="Folded for search")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.fold


class Surname(KnownName):
    """A family name that somebody bears or bore, whoever it was."""

    class Meta:
        indexes = [GistIndex(fields=["fold"], name="surname_alike", opclasses=["gist_trgm_ops(siglen=64)"])]


class GivenName(KnownName):
    """A given name that somebody bears or bore, whoever it was."""

    class Meta:
        indexes = [GistIndex(fields=["fold"], name="given_name_alike", opclasses=["gist_trgm_ops(siglen=64)"])]


class Phone(Uid):
    """A number of a person, in order of preference."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="phones")
    number = models.CharField(max_length=16, db_index=True, help_text="E.164")
    whose = models.CharField(max_length=10, choices=Whose.choices, default=Whose.OWN)
    holder_name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=PhoneState.choices, default=PhoneState.UNCHECKED)
    state_reason = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="phone_once_a_person"),
            models.CheckConstraint(condition=models.Q(state__in=PhoneState.values), name="phone_state_known"),
        ]
        # People remember the end of a number.
        indexes = [models.Index(OpClass(Reverse("number"), "text_pattern_ops"), name="phone_by_end")]

    def __str__(self) -> str:
        return str(self.uid)


class Document(models.Model):
    """A paper of somebody who has no IIN, or had none when they were registered."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="documents")
    number_cipher = models.BinaryField(help_text="Number, AES-256-GCM")
    number_hash = models.BinaryField(unique=True, help_text="Keyed hash of the number, for look-up")

    def __str__(self) -> str:
        return str(self.pk)


class Address(models.Model):
    """Where the person actually is, with what a visiting doctor needs at the door."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="addresses")
    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    street = models.CharField(max_length=120)
    street_fold = models.CharField(max_length=240, blank=True, help_text="Street folded for look-up in a catchment")
    house = models.CharField(max_length=20)
    flat = models.CharField(max_length=10, blank=True)
    entrance = models.CharField(max_length=10, blank=True)
    floor = models.CharField(max_length=5, blank=True)
    intercom = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=200, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(valid_to__isnull=True), name="address_one_actual"
            )
        ]
        indexes = [
            models.Index(
                fields=["district", "street_fold"],
                condition=models.Q(valid_to__isnull=True),
                name="address_by_street",
                include=["person", "id"],
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Attachment(models.Model):
    """To which primary-care clinic a person is attached (РПН), with history."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="attachments")
    clinic = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    basis = models.CharField(max_length=40, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(valid_to__isnull=True), name="attachment_one_current"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Representative(models.Model):
    """Who may answer for a child or somebody who cannot."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="representatives")
    name = models.CharField(max_length=240)
    relation = models.CharField(max_length=40)
    number = models.CharField(max_length=16, blank=True, help_text="E.164")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.pk)


class Consent(Uid):
    """What was agreed to, in which words, and until when."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=20, choices=ConsentKind.choices)
    text_version = models.CharField(max_length=20)
    language = models.CharField(max_length=2, choices=Language.choices)
    channel = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=models.Q(revoked_at__isnull=True), name="consent_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Episode(models.Model):
    """Why an organisation may see a person, and for how long: access is organisation and episode."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="episodes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, help_text="case, home_visit, ...")
    object_uid = models.UUIDField(help_text="The case or handover that gives the right")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "object_uid"], name="episode_once_an_object"),
        ]
        indexes = [models.Index(fields=["person", "organisation"], name="episode_by_person")]

    def __str__(self) -> str:
        return f"{self.reason} {self.object_uid}"
