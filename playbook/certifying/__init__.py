"""What a person may be appointed to, and on which evidence: gates, ladder, certificate, assessors' sheets."""
