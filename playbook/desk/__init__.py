"""The instructor's desk: what is looked at and sent on. Reports, feedback, exports."""
