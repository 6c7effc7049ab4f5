"""Makes the changes of an LDIF file in a Samba's databases: CONFIGURATION LDIF."""

import sys

from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB

configuration = LoadParm()
configuration.load(sys.argv[1])
with open(sys.argv[2]) as ldif:
    SamDB(lp=configuration, session_info=system_session()).modify_ldif(ldif.read(), ["relax:0"])
