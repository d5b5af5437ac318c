import { fork, spawnSync } from 'node:child_process';
import { writeFileSync, mkdirSync } from 'node:fs';
const lib='/work/main/bench/lib/';
const wait=(c:any)=>new Promise<any>((res,rej)=>{c.once('message',res);c.once('exit',(code:any)=>rej(new Error('exit '+code)))});
const server=fork('/work/main/node_modules/.cache/bench/server.mjs',{env:{...process.env,TMPDIR:'/dev/shm'}});
const s=await wait(server);
mkdirSync('/dev/shm/pf',{recursive:true});
const paths=[...Array(300)].map((_,i)=>{const p='/dev/shm/pf/f'+i;const b=Buffer.alloc(102400,i);b.writeUInt32LE(i);b.writeUInt32LE(Date.now()>>>0,4);writeFileSync(p,b);return p});
const client=async(task:any)=>{const c=fork('/work/main/node_modules/.cache/bench/transferClient.mjs',{execArgv:['--cpu-prof','--cpu-prof-dir=/tmp/prof2']});await wait(c);c.send({server:s,task});const o=await wait(c);await new Promise(r=>c.once('exit',r));return o};
const t=process.argv[2];
let o; if(t==='up') o=await client({what:'uploadMany',paths,limits:false});
else if(t==='bare') o=await client({what:'bareUpload',paths});
else {o=await client({what:'uploadMany',paths,limits:false}); spawnSync('rm',['-rf','/tmp/prof2']); mkdirSync('/dev/shm/pf/d',{recursive:true}); o=await client({what:'downloadMany',fileHandleIds:o.fileHandleIds,folder:'/dev/shm/pf/d'});}
console.log({...o,fileHandleIds:0}); server.disconnect(); spawnSync('rm',['-rf','/dev/shm/pf']);
