import sys, time
import tests.pages
from pathlib import Path
from tests.prove import ready
from tests.prove.pages import whole, missing
from tests.pages import looking as L
from tests.pages.scenes import SCENES
out=Path("/tmp/pp"); start=int(sys.argv[1]); stop=int(sys.argv[2]); reached=set()
real=L.barriers
state={"n":0}
def few(page, rules=None):
    state["n"]+=1
    return real(page, rules) if state["n"]==1 or (state["n"]==4) else []
L.barriers=few
with whole() as (site, browser):
    for i,sc in enumerate(SCENES[start:stop]):
        for lang in (sys.argv[3],):
            state["n"]=0
            try:
                look=L.looked(site,browser,sc,lang,out)
                reached|=look.reached
                for f in dict.fromkeys(look.faults): print(sc.name,"|",f,flush=True)
            except Exception as e:
                print(sc.name,"|",lang,"STOPPED",str(e)[:600].replace("\n"," "),flush=True)
        print("--",i+start,sc.name,flush=True)
