"""Who acts, records, agrees and authorises: the closed list of roles.

Holds names only. What a role may do stands in the packs.
"""

from __future__ import annotations

import enum


class Role(enum.StrEnum):
    """A person, body or agency, by the standard term of the register's glossary."""

    AGENCY = "agency"
    AGENCY_REPRESENTATIVES = "agency-representatives"
    ALLOCATED_SOCIAL_WORKER = "allocated-social-worker"
    ASSISTANT_TEAM_MANAGER = "assistant-team-manager"
    BUSINESS_SUPPORT = "business-support"
    CARER = "carer"
    CHILD = "child"
    CHILD_PROTECTION_ADVISER = "child-protection-adviser"
    CHILD_PROTECTION_CONFERENCE = "child-protection-conference"
    CHILDRENS_SOCIAL_CARE = "childrens-social-care"
    CHILDRENS_SOCIAL_CARE_MANAGER = "childrens-social-care-manager"
    CONFERENCE_CHAIR = "conference-chair"
    CORE_GROUP = "core-group"
    CORE_GROUP_MEMBER = "core-group-member"
    DESIGNATED_DOCTOR = "designated-doctor"
    DESIGNATED_NURSE = "designated-nurse"
    FAMILY = "family"
    FIRST_LINE_MANAGER = "first-line-manager"
    HEAD_OF_SERVICE = "head-of-service"
    HEALTH = "health"
    INCOMING_TEAM_MANAGER = "incoming-team-manager"
    INITIAL_CONFERENCE = "initial-conference"
    IRO = "iro"
    IRO_MANAGERS = "iro-managers"
    LEAD_SOCIAL_WORKER = "lead-social-worker"
    ORIGINAL_AUTHORITY = "original-authority"
    PARENTS = "parents"
    POLICE = "police"
    PROFESSIONAL = "professional"
    RECEIVING_AUTHORITY = "receiving-authority"
    REVIEW_CONFERENCE = "review-conference"
    SAFEGUARDING_BOARD = "safeguarding-board"
    SCHOOL = "school"
    SPECIALIST_CHILD_PROTECTION_OFFICER = "specialist-child-protection-officer"
    STRATEGY_DISCUSSION = "strategy-discussion"
    TEACHER = "teacher"
    TEAM_MANAGER = "team-manager"
