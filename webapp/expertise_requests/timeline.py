"""The readable story of a request, from its audit events (registry; the entries follow)."""

WORDS = {}
def words(action, sentence, open_to_requester=False): WORDS[action] = (sentence, open_to_requester)
def name_experts_by(fn): return fn
def entries(session, request, actor): return []
def entries_about(session, request, actor, expert_id): return []
