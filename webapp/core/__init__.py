"""What every package of the platform builds on.

Here lie the modules that a feature meets first: who acts in which roles (`actor`, `roles`), what
they may reach (`access`, `origins`, `limits`), the database and the one place that commits (`db`,
`unit_of_work`, `transactions`), what operations refuse (`errors`), and work after the answer
(`jobs`). The rest is in packages, each for one question:

words       how are texts, days, numbers and names written and found, and in whose language?
record      what is kept of what people did, saw and gave as their reason, and what of them?
workflows   which steps may a thing take, and is the button that asks for one out of date?
forms       what do fields take, and how are forms and steps shown, and shown again?
files       how are files of people read within bounds, stored, and made?
responses   what does every answer carry, and what do people read when something is refused?
monitoring  what do the log and the figures tell whoever runs the platform?
schema      how does a database with data come to the form that this code needs?
"""
