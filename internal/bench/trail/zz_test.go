package trail
import ("testing";"sort";"time";"github.com/awsposture/posture/detective/trail";"github.com/awsposture/posture/detective/trail/rule")
func TestZZ(t *testing.T){
 set,_:=rule.Compile(append(BuiltIn(), Like(60,1)...)); g:=set.Engine(&rule.Options{Lateness:time.Hour}); c:=map[string]int{}; ev:=map[string]int{}; n:=0
 for range 20 { age(); for _,f:=range corpus(){ for e:=range trail.Bytes("f",f){ n++; for _,h:=range g.Event(e){ c[h.Rule+" "+h.Title]++; ev[h.Rule+" "+h.Title]+=len(h.Events) } } } }
 ks:=[]string{}; for k:=range c{ks=append(ks,k)}; sort.Slice(ks,func(i,j int)bool{return c[ks[i]]>c[ks[j]]})
 for _,k:=range ks{ t.Log(k,c[k],ev[k])}
}
