import datetime as dt
import json

from django.db import transaction
from django.http import JsonResponse
from django.urls import path

from cases.models import STORE, Note
from cpplan import Ledger, event_from_dict, load
from cpplan.store import Addition, RetryableError, canonical, drafted

NEW = Ledger.opened(load("lead-social-worker"))


def record(request, case):
    """Record an event with a note of ours: both, or neither."""
    try:
        asked = json.loads(request.body)
        event, name, note = event_from_dict(asked["event"]), asked["id"], asked["note"]
        Addition(case, 0, [drafted(NEW.happened(event, id=name, recorded_on=dt.date.today()))])
        canonical("".join([note]))  # text, and such as any database keeps
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        return JsonResponse({"malformed": str(error)}, status=400)
    try:
        with transaction.atomic(), STORE.engine.connect() as conn:
            ledger = STORE.ledger(case, [NEW.opening], conn=conn) or NEW
            answer = ledger.record(ledger.happened(event, id=name, recorded_on=dt.date.today()))
            if answer.accepted:
                answer = STORE.append(case, [answer.entry], expected=len(ledger.entries), conn=conn)
            if not answer.accepted:
                return JsonResponse({"refused": [str(one) for one in answer.reasons]}, status=409)
            Note.objects.get_or_create(key=f"{case} {name}", defaults={"text": note})
    except RetryableError as error:
        return JsonResponse({"try again": str(error)}, status=503)
    return JsonResponse({"version": answer.head.version}, status=201)


urlpatterns = [path("cases/<slug:case>", record)]
